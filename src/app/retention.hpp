// Forgets single calls that are older than usage.retention_days; their sums stay. At the start and then once
// an hour, on a thread of the blocking pool. Owned by Application; runs on the control loop, which must not
// run any more when this dies, and the pool must be joined before.
#pragma once

#include "tollgate/base/time_zone.hpp"
#include "tollgate/ports/ledger.hpp"
#include "tollgate/runtime/blocking_pool.hpp"

#include <boost/asio/steady_timer.hpp>

namespace tollgate::app {

struct RetentionRules {
    base::TimeZone zone{};
    std::chrono::days kept{400};
    std::chrono::milliseconds period = std::chrono::hours(1);
    base::WallTime (*now)() = nullptr; // must be set
};

class Retention {
public:
    Retention(runtime::Loop& loop, runtime::BlockingPool& pool, ports::Ledger& ledger, RetentionRules rules)
        : loop_(loop), pool_(pool), ledger_(ledger), rules_(std::move(rules)) {}

    /// Once, on the control thread.
    void start();

    /// The first day whose calls are kept.
    std::chrono::local_days first_kept() const { return rules_.zone.day_at(rules_.now()) - rules_.kept; }

private:
    void wait();

    runtime::Loop& loop_;
    runtime::BlockingPool& pool_;
    ports::Ledger& ledger_;
    RetentionRules rules_;
    boost::asio::steady_timer timer_{loop_};
};

} // namespace tollgate::app
