#include "storage/redis/key_publisher.hpp"

#include "storage/redis/keyspace.hpp"
#include "storage/redis/scripts.hpp"
#include "tollgate/runtime/clock.hpp"
#include "tollgate/telemetry/log.hpp"

#include <algorithm>

namespace tollgate::storage::redis {

namespace {

constexpr std::chrono::milliseconds patience{1'000};
constexpr std::chrono::milliseconds sweep_period{10};
constexpr std::chrono::milliseconds turn_time{5};

/// Notes the answer; lives until it has come.
struct Noted final : ReplySink {
    void replied(base::Result<Reply> reply) override { answer = std::move(reply); }
    std::optional<base::Result<Reply>> answer{};
};

} // namespace

KeyPublisher::KeyPublisher(RedisSettings settings, RecordTimes times)
    : settings_(std::move(settings)), times_(times), client_({worker_, resolver_, settings_}, nullptr) {}

base::Result<std::uint64_t> KeyPublisher::position(ports::KeyStore& keys) {
    const auto changes =
        keys.changes_since(UINT64_MAX >> 1U); // a number from the future: only the last one is told
    if (!changes) return std::unexpected(changes.error());
    return changes->last_sequence;
}

bool KeyPublisher::publish(ports::KeyStore& keys, std::uint64_t position, const domain::ApiKey* changed) {
    const std::lock_guard lock(mutex_);
    wait_until_up(); // of a cluster, a part may be up and enough
    bool is_told = changed == nullptr || ask(learn_question(*changed));
    const auto changes = keys.changes_since(position);
    is_told = is_told && changes.has_value();
    if (changes) {
        for (const ports::KeyChange& change : changes->changes)
            is_told = write(keys, change.secret) && is_told;
    }
    if (!is_told)
        telemetry::log_warn("a change of a key was not told to Redis: nodes follow the database instead", {});
    return is_told;
}

bool KeyPublisher::write(ports::KeyStore& keys, const base::Digest& secret) {
    const auto found = keys.find_by_secret(secret);
    if (!found) return false;
    auto questions = replace_questions(secret, ports::CachedRecord{*found}, times_);
    return std::ranges::all_of(questions, [this](Question& question) { return ask(std::move(question)); });
}

bool KeyPublisher::ask(Question question) {
    Noted noted;
    client_.tell(std::move(question), noted);
    while (!noted.answer) worker_.loop().run_one_for(turn_time); // every command has its deadline
    return noted.answer->has_value() && !(*noted.answer)->is_error();
}

void KeyPublisher::wait_until_up() {
    if (!has_started_) {
        worker_.deadlines().start(sweep_period);
        client_.start();
        has_started_ = true;
    }
    worker_.loop().poll(); // what happened to the connection since the last time
    const auto end = runtime::steady_now() + patience;
    while (!client_.is_up() && runtime::steady_now() < end) worker_.loop().run_one_for(turn_time);
}

} // namespace tollgate::storage::redis
