// The records of keys in Redis, as one worker reads and fills them.
#pragma once

#include "storage/redis/client.hpp"
#include "storage/redis/record_text.hpp"

#include <chrono>

namespace tollgate::storage::redis {

struct RecordTimes {
    std::chrono::milliseconds found{300'000};
    std::chrono::milliseconds unknown{5'000};
};

/// fill.lua for what the store said of this secret.
Question fill_question(const base::Digest& secret, const ports::CachedRecord& found, RecordTimes times);

class KeyRecords final : public ports::KeyCache {
public:
    KeyRecords(Client& client, RecordTimes times) : client_(client), times_(times) {}

    runtime::Task<std::optional<ports::CachedRecord>> find(base::Digest secret) override;
    void fill(const base::Digest& secret, const ports::CachedRecord& found) noexcept override;

private:
    Client& client_;
    RecordTimes times_;
    NobodyWaits ignored_;
};

} // namespace tollgate::storage::redis
