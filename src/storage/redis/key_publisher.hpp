// Writes changed records to Redis on the thread that made the change, over a connection and a loop of its
// own. Any thread: one at a time.
#pragma once

#include "storage/redis/key_records.hpp"
#include "tollgate/ports/key_store.hpp"
#include "tollgate/runtime/blocking_pool.hpp"

#include <mutex>

namespace tollgate::storage::redis {

class KeyPublisher {
public:
    KeyPublisher(RedisSettings settings, RecordTimes times);
    KeyPublisher(const KeyPublisher&) = delete;
    KeyPublisher& operator=(const KeyPublisher&) = delete;

    /// Before a change: from where its traces will be looked for.
    base::Result<std::uint64_t> position(ports::KeyStore& keys);

    /// After the change was committed: every record that has changed since `position` is written, and
    /// reservations with an older one are stale, when this returns. `changed`, if one is given, is the key
    /// itself, which is told even when the store cannot be asked any more. False: not all of it could be told
    /// within about a second.
    bool publish(ports::KeyStore& keys, std::uint64_t position, const domain::ApiKey* changed = nullptr);

private:
    bool write(ports::KeyStore& keys, const base::Digest& secret);
    bool ask(Question question);
    void wait_until_up();

    std::mutex mutex_;
    RedisSettings settings_;
    RecordTimes times_;
    runtime::BlockingPool pool_{1, 16};
    runtime::Worker worker_{0};
    runtime::Resolver resolver_{worker_, pool_};
    Client client_;
    bool has_started_ = false;
};

} // namespace tollgate::storage::redis
