#include "storage/redis/key_records.hpp"

#include "storage/redis/keyspace.hpp"
#include "storage/redis/scripts.hpp"

namespace tollgate::storage::redis {

Question fill_question(const base::Digest& secret, const ports::CachedRecord& found, RecordTimes times) {
    const Script& script = quota_scripts().fill;
    std::string key = record_key(secret);
    Command command = script.command({key});
    if (found.record) {
        command.add(std::to_string(found.record->key.generation)).add(write_record(*found.record));
        command.add(std::to_string(times.found.count()));
    } else {
        // Of generation 0: a key that is created later finds no tombstone in its way.
        command.add("0")
            .add(write_absence(0))
            .add(std::to_string(std::max<std::int64_t>(times.unknown.count(), 1)));
    }
    return Question{.key = std::move(key), .command = std::move(command), .script = &script};
}

Question learn_question(const domain::ApiKey& key) {
    const Script& script = quota_scripts().learn;
    std::string place = quota_key(key.account_id);
    Command command = script.command({place});
    command.add(Numbers{static_cast<std::int64_t>(key.generation)}.bytes()).add(key_field(key.id));
    return {.key = std::move(place), .command = std::move(command), .script = &script};
}

std::vector<Question> replace_questions(const base::Digest& secret, const ports::CachedRecord& found,
                                        RecordTimes times) {
    std::vector<Question> questions;
    if (found.record) {
        questions.push_back(learn_question(found.record->key));
        questions.push_back(fill_question(secret, found, times));
        return questions;
    }
    const Script& script = quota_scripts().fill;
    std::string place = record_key(secret);
    Command command = script.command({place});
    command.add(std::to_string(last_generation)).add(write_absence(last_generation));
    command.add(std::to_string(times.found.count()));
    questions.push_back({.key = std::move(place), .command = std::move(command), .script = &script});
    return questions;
}

runtime::Task<std::optional<ports::CachedRecord>> KeyRecords::find(base::Digest secret) {
    std::string key = record_key(secret);
    if (!client_.is_up_for(key)) co_return std::nullopt;
    Command command{"GET", key};
    Question question{.key = std::move(key), .command = std::move(command)};
    const auto reply = co_await client_.ask(std::move(question));
    if (!reply || reply->kind != Reply::Kind::text) co_return std::nullopt;
    co_return read_record(reply->text);
}

void KeyRecords::fill(const base::Digest& secret, const ports::CachedRecord& found) noexcept {
    if (client_.is_up_for(record_key(secret))) client_.tell(fill_question(secret, found, times_), ignored_);
}

runtime::Task<bool> KeyRecords::replace(base::Digest secret, ports::CachedRecord found) {
    auto questions = replace_questions(secret, found, times_);
    for (Question& question : questions) {
        const auto reply = co_await client_.ask(std::move(question));
        if (!reply || reply->is_error()) co_return false;
    }
    co_return true;
}

} // namespace tollgate::storage::redis
