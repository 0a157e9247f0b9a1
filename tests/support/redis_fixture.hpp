// A worker's share of a real Redis, with everything that it needs and a fleet of one node that agrees at
// once.
#pragma once

#include "support/test_worker.hpp"
#include "tollgate/base/digest.hpp"
#include "tollgate/runtime/blocking_pool.hpp"
#include "tollgate/storage/memory_quota_store.hpp"
#include "tollgate/storage/redis_share.hpp"

#include <memory>
#include <string>

namespace tollgate::testing {

class RedisShareFixture {
public:
    RedisShareFixture(runtime::Worker& worker, storage::RedisSettings settings,
                      storage::RedisShareOptions options)
        : worker_(worker), settings_(std::move(settings)) {
        if (options.session.empty()) options.session = base::random_hex(8);
        share_ = storage::make_redis_share({worker_, resolver_, settings_, local_}, std::move(options));
        share_->start();
    }

    storage::RedisShare& share() { return *share_; }
    ports::QuotaStore& quota() { return share_->quota(); }

    /// The fleet agrees on an epoch in which this node is the only one.
    void begin_epoch(std::uint64_t epoch, storage::QuotaHome home = storage::QuotaHome::shared) {
        share_->adopt({.epoch = epoch, .home = home, .is_founder = true, .is_complete = true});
    }
    bool has_joined(std::uint64_t epoch) const { return share_->status().joined.load() == epoch; }

    /// Turns the loop until the worker has joined.
    void join(std::uint64_t epoch) {
        begin_epoch(epoch);
        while (!has_joined(epoch)) worker_.loop().run_one_for(std::chrono::milliseconds(5));
    }

private:
    runtime::Worker& worker_;
    storage::RedisSettings settings_;
    runtime::BlockingPool pool_{1, 16};
    runtime::Resolver resolver_{worker_, pool_};
    storage::MemoryQuotaState local_state_;
    storage::MemoryQuotaStore local_{local_state_};
    std::unique_ptr<storage::RedisShare> share_;
};

} // namespace tollgate::testing
