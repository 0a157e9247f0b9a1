// Several nodes in one process: each a worker's thread with its share of a real Redis and an agent of its
// own, over one registry and one simple ledger. The test speaks to them from its own thread.
#pragma once

#include "support/memory_fleet.hpp"
#include "support/redis_server.hpp"
#include "tollgate/base/digest.hpp"
#include "tollgate/runtime/blocking_pool.hpp"
#include "tollgate/runtime/clock.hpp"
#include "tollgate/runtime/spawn.hpp"
#include "tollgate/storage/fleet_agent.hpp"
#include "tollgate/storage/memory_quota_store.hpp"

#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace tollgate::tests {

/// What the database would say: totals by purse, every call counted once.
class SimpleLedger {
public:
    domain::PurseTotal add(const domain::UsageEvent& event, const std::string& purse) {
        const std::scoped_lock lock(mutex_);
        if (counted_.insert(event.request_id.text()).second) totals_[purse] += event.cost;
        return {purse, totals_[purse]};
    }
    base::Money total(const std::string& purse) {
        const std::scoped_lock lock(mutex_);
        return totals_[purse];
    }

private:
    std::mutex mutex_;
    std::set<std::string> counted_;
    std::map<std::string, base::Money> totals_;
};

inline storage::FleetAgentOptions quick(const std::string& node) {
    storage::FleetAgentOptions options{.node = node};
    options.beat_period = std::chrono::milliseconds(100);
    options.rules.found_time = std::chrono::milliseconds(10'000);
    return options;
}

class RedisNode {
public:
    RedisNode(const std::string& name, const storage::RedisSettings& settings, ports::Fleet& fleet,
              std::size_t remembered_calls = 100'000)
        : settings_(settings), agent_(fleet, quick(name)) {
        storage::RedisShareOptions options{.session = name + base::random_hex(4)};
        options.remembered_calls = remembered_calls;
        share_ =
            storage::make_redis_share({worker_, resolver_, settings_, local_, &agent_}, std::move(options));
        share_->start();
        auto adopt = [this](const storage::FleetView& view) {
            worker_.post([this, view] { share_->adopt(view); });
        };
        started_ = agent_.start({{&share_->status(), adopt}}).has_value();
        worker_.start();
    }
    RedisNode(const RedisNode&) = delete;
    RedisNode& operator=(const RedisNode&) = delete;
    ~RedisNode() {
        agent_.stop();
        worker_.stop();
        worker_.join();
    }

    base::Result<domain::Decision> reserve(domain::Demand demand) {
        demand.now = runtime::steady_now();
        return run<domain::Decision>(ask(demand));
    }
    /// The same without waiting: several may be on their way at once.
    std::future<base::Result<domain::Decision>> start_reserve(domain::Demand demand) {
        demand.now = runtime::steady_now();
        return start<domain::Decision>(ask(demand));
    }
    base::Result<void> warm(const base::AccountId& account, const domain::PurseTotal& total,
                            std::uint64_t epoch) {
        auto promise = std::make_shared<std::promise<base::Result<void>>>();
        auto work = [](ports::QuotaStore& store, base::AccountId whose, domain::PurseTotal what,
                       std::uint64_t when,
                       std::shared_ptr<std::promise<base::Result<void>>> told) -> runtime::Task<> {
            const auto warmed = co_await store.warm(whose, what, when);
            told->set_value(warmed);
        };
        runtime::spawn(worker_.loop(), work(share_->quota(), account, total, epoch, promise),
                       "a test's warm");
        return promise->get_future().get();
    }
    void settle(const domain::Charge& charge) {
        worker_.post([this, charge] { share_->quota().settle(charge); });
    }
    void counted(std::vector<domain::UsageEvent> events, std::vector<domain::PurseTotal> totals) {
        worker_.post([this, events = std::move(events), totals = std::move(totals)] {
            std::vector<base::RequestId> calls;
            for (const domain::UsageEvent& event : events) calls.push_back(event.request_id);
            share_->counted(calls, totals);
        });
    }
    /// As the application does it when its journal is empty.
    void caught_up() {
        worker_.post([this, forgotten = status().forgotten.load()] { share_->caught_up(forgotten); });
    }
    const storage::ShareStatus& status() const { return share_->status(); }
    storage::FleetSummary summary() const { return agent_.summary(); }
    storage::FleetAgent& agent() { return agent_; }

private:
    runtime::Task<base::Result<domain::Decision>> ask(domain::Demand demand) {
        co_return co_await share_->quota().reserve(demand);
    }

    template <class T>
    static runtime::Task<> keep(runtime::Task<base::Result<T>> task,
                                std::shared_ptr<std::promise<base::Result<T>>> promise) {
        auto value = co_await std::move(task);
        promise->set_value(std::move(value));
    }

    template <class T>
    base::Result<T> run(runtime::Task<base::Result<T>> task) {
        return start<T>(std::move(task)).get();
    }
    template <class T>
    std::future<base::Result<T>> start(runtime::Task<base::Result<T>> task) {
        auto promise = std::make_shared<std::promise<base::Result<T>>>();
        runtime::spawn(worker_.loop(), keep(std::move(task), promise), "a test's step");
        return promise->get_future();
    }

    storage::RedisSettings settings_;
    runtime::BlockingPool pool_{1, 64};
    runtime::Worker worker_{0};
    runtime::Resolver resolver_{worker_, pool_};
    storage::MemoryQuotaState local_state_;
    storage::MemoryQuotaStore local_{local_state_};
    storage::FleetAgent agent_;
    std::unique_ptr<storage::RedisShare> share_;
    bool started_ = false;
};

} // namespace tollgate::tests
