// Asks sentinels who the master is. One worker.
#pragma once

#include "storage/redis/node.hpp"

#include <cstddef>

namespace tollgate::storage::redis {

class SentinelLocator final : public Locator {
public:
    explicit SentinelLocator(NodeServices services) : services_(services) {}

    /// The first answer counts, beginning with the sentinel that answered last. Error: storage_unavailable.
    runtime::Task<base::Result<RedisServer>> locate() override;

private:
    runtime::Task<base::Result<RedisServer>> ask(RedisServer sentinel);

    NodeServices services_;
    std::size_t begin_ = 0;
};

} // namespace tollgate::storage::redis
