#include "storage/redis/key_publisher.hpp"

#include "storage/redis/keyspace.hpp"
#include "storage/redis/scripts.hpp"
#include "tollgate/runtime/clock.hpp"
#include "tollgate/telemetry/log.hpp"

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

void KeyPublisher::publish(ports::KeyStore& keys, std::uint64_t position) {
    const std::lock_guard lock(mutex_);
    const auto changes = keys.changes_since(position);
    bool is_told = changes.has_value() && wait_until_up();
    if (is_told) {
        for (const ports::KeyChange& change : changes->changes) {
            const auto found = keys.find_by_secret(change.secret);
            is_told = found && is_told && write(change.secret, ports::CachedRecord{*found});
        }
    }
    if (!is_told)
        telemetry::log_warn("a change of a key was not told to Redis: nodes follow the database instead", {});
}

bool KeyPublisher::write(const base::Digest& secret, const ports::CachedRecord& found) {
    if (found.record) {
        const domain::ApiKey& key = found.record->key;
        const Script& script = quota_scripts().learn;
        std::string place = quota_key(key.account_id);
        Command command = script.command({place});
        command.add(Numbers{static_cast<std::int64_t>(key.generation)}.bytes()).add(key_field(key.id));
        if (!ask({.key = std::move(place), .command = std::move(command), .script = &script})) return false;
        return ask(fill_question(secret, found, times_));
    }
    const Script& script = quota_scripts().fill;
    std::string place = record_key(secret);
    Command command = script.command({place});
    command.add(std::to_string(last_generation)).add(write_absence(last_generation));
    command.add(std::to_string(times_.found.count()));
    return ask({.key = std::move(place), .command = std::move(command), .script = &script});
}

bool KeyPublisher::ask(Question question) {
    Noted noted;
    client_.tell(std::move(question), noted);
    while (!noted.answer) worker_.loop().run_one_for(turn_time); // every command has its deadline
    return noted.answer->has_value() && !(*noted.answer)->is_error();
}

bool KeyPublisher::wait_until_up() {
    if (!has_started_) {
        worker_.deadlines().start(sweep_period);
        client_.start();
        has_started_ = true;
    }
    worker_.loop().poll(); // what happened to the connection since the last time
    const auto end = runtime::steady_now() + patience;
    while (!client_.is_up() && runtime::steady_now() < end) worker_.loop().run_one_for(turn_time);
    return client_.is_up();
}

} // namespace tollgate::storage::redis
