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

} // namespace tollgate::storage::redis
