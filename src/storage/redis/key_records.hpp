// The records of keys in Redis, as one worker reads and fills them.
#pragma once

#include "storage/redis/client.hpp"
#include "storage/redis/record_text.hpp"

#include <chrono>
#include <vector>

namespace tollgate::storage::redis {

struct RecordTimes {
    std::chrono::milliseconds found{300'000};
    std::chrono::milliseconds unknown{5'000};
};

/// fill.lua for what the store said of this secret.
Question fill_question(const base::Digest& secret, const ports::CachedRecord& found, RecordTimes times);

/// learn.lua: reservations with an older record of this key are stale from now on.
Question learn_question(const domain::ApiKey& key);

/// All that makes a change hold everywhere: learn_question(), and the record or a tombstone in its place.
std::vector<Question> replace_questions(const base::Digest& secret, const ports::CachedRecord& found,
                                        RecordTimes times);

class KeyRecords final : public ports::KeyCache {
public:
    KeyRecords(Client& client, RecordTimes times) : client_(client), times_(times) {}

    runtime::Task<std::optional<ports::CachedRecord>> find(base::Digest secret) override;
    void fill(const base::Digest& secret, const ports::CachedRecord& found) noexcept override;
    runtime::Task<bool> replace(base::Digest secret, ports::CachedRecord found) override;

private:
    Client& client_;
    RecordTimes times_;
    NobodyWaits ignored_;
};

} // namespace tollgate::storage::redis
