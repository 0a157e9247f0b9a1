// What the parts of a worker's quota store share: the fleet's view, who is told of losses, the calls. One
// thread.
#pragma once

#include "storage/redis/client.hpp"
#include "storage/redis/quota_calls.hpp"
#include "storage/redis/scripts.hpp"
#include "tollgate/runtime/signal.hpp"
#include "tollgate/storage/redis_share.hpp"

#include <algorithm>

namespace tollgate::storage::redis {

struct QuotaState {
    QuotaState(runtime::Worker& the_worker, Client& the_client, RedisShareOptions the_options,
               const std::atomic<std::int64_t>* the_followed_us)
        : followed_us(the_followed_us),
          worker(the_worker),
          client(the_client),
          options(std::move(the_options)),
          calls(options.remembered_calls) {}

    const std::atomic<std::int64_t>* followed_us;
    runtime::Worker& worker;
    Client& client;
    RedisShareOptions options;
    FleetView view{};
    QuotaCalls calls;
    ShareStatus status{};
    runtime::Signal changed{}; // the view, or what this worker has told of itself

    std::uint64_t seen = 0; // the highest epoch that a server was seen to be marked with

    /// For scripts: the instant that callers named last, or -1 for the server's clock.
    std::int64_t script_now() const { return options.clock == QuotaClock::caller ? caller_us : -1; }
    void learn_time(base::SteadyTime now) {
        caller_us = std::max(
            caller_us, std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count());
    }
    std::int64_t caller_us = 0;

    bool is_local() const { return view.home == QuotaHome::local; }

    /// Nobody tells this node of changes of keys: neither Redis, where this is asked, nor the database.
    bool is_deaf(base::SteadyTime now) const {
        using std::chrono::microseconds;
        return followed_us != nullptr && now.time_since_epoch() > microseconds(*followed_us) + deaf_time;
    }
    static constexpr std::chrono::seconds deaf_time{1};

    /// The epoch of the view knows of this worker's calls.
    bool has_joined() const { return status.joined.load() == view.epoch; }

    /// This worker's counters are those of the view, and complete.
    bool is_complete() const { return view.is_complete && has_joined() && !is_outdated(); }

    /// The counters of the view's epoch are not to be trusted: another one is on its way.
    bool is_outdated() const { return status.lost.load() >= view.epoch || seen > view.epoch; }

    /// Something that was in Redis in this epoch is there no more.
    void report_loss(std::uint64_t epoch) {
        if (epoch == view.epoch && status.lost.load() < epoch) status.lost.store(epoch);
    }

    /// Until the fleet has agreed on something else; at most what is left of `deadline`.
    runtime::Task<base::Result<void>> wait_for_change(base::SteadyTime deadline);
};

} // namespace tollgate::storage::redis
