#include "storage/postgres/database.hpp"

#include "storage/postgres/connection_string.hpp"
#include "storage/postgres/migrations.hpp"
#include "tollgate/base/digest.hpp"

#include <algorithm>

namespace tollgate::storage::postgres {

namespace {

using std::chrono::milliseconds;

constexpr int most_tries = 6;

/// Grows with every try and differs between nodes, so that those who collided do not meet again.
milliseconds pause_before(int next_try) {
    std::uint8_t random = 0;
    base::fill_random(std::span(&random, 1));
    return milliseconds(next_try * (2 + random % 16));
}

} // namespace

Database::Database(const PostgresSettings& settings, base::Secret connection_string)
    : settings_(settings),
      pool_({.connection_string = std::move(connection_string),
             .display = settings.display,
             .connections = std::max<std::size_t>(settings.connections, 1)}) {}

base::Result<std::unique_ptr<Database>> Database::open(const PostgresSettings& settings, Migrate migrate) {
    auto target = connection_string(settings.url, settings.connect_timeout);
    if (!target) return base::fail(target.error());
    std::unique_ptr<Database> database(new Database(settings, std::move(*target)));
    if (const auto prepared = database->prepare_schema(migrate); !prepared) {
        return base::fail(prepared.error());
    }
    return database;
}

base::Result<void> Database::prepare_schema(Migrate migrate) {
    const Job job{.access = Access::write, .repeat = Repeat::harmless, .time = long_time};
    if (migrate == Migrate::apply) {
        while (true) {
            auto next = [](Connection& connection) { return apply_next_migration(connection); };
            const auto applied = run(job, next);
            if (!applied) return base::fail(applied.error());
            if (applied->empty()) return {};
            applied_migrations_.push_back(*applied);
        }
    }
    auto look = [](Connection& connection) { return pending_migrations(connection); };
    const auto pending = run(Job{.access = Access::snapshot, .time = settings_.timeout}, look);
    if (!pending) return base::fail(pending.error());
    if (pending->empty()) return {};
    return base::fail(base::ErrorCode::storage_unavailable, base::ErrorSource::storage,
                      "the schema of " + settings_.display + " is out of date: run 'tollgate migrate'");
}

void Database::Tries::will_commit(Connection& connection) {
    if (job_.access != Access::write || job_.repeat == Repeat::harmless) return;
    auto row = connection.execute("SELECT pg_current_xact_id()");
    if (row.step()) transaction_id_ = row.text(0);
}

Database::Failure Database::Tries::failed(const std::exception& thrown, Pool::Lease& lease,
                                          const Transaction* transaction,
                                          const Watchdog::Watch& watch) const {
    Failure failure{.fault = fault_of(thrown)};
    if (watch.has_bitten()) {
        failure.fault = {.kind = FaultKind::broken,
                         .error =
                             unavailable("no answer within " + std::to_string(job_.time.count()) + " ms")};
    }
    const FaultKind kind = failure.fault.kind;
    failure.is_in_doubt = kind == FaultKind::broken && transaction != nullptr && transaction->is_committing();
    if (kind == FaultKind::broken || kind == FaultKind::standby) return failure;
    try {
        if (job_.access != Access::look_up) lease.connection().execute("ROLLBACK");
        lease.keep();
    } catch (const std::exception&) {
        // Then it is closed, which rolls back as well.
    }
    return failure;
}

Database::Verdict Database::Tries::after(const Failure& failure) {
    error_ = failure.fault.error;
    switch (failure.fault.kind) {
    case FaultKind::collision: return again_or_fail();
    case FaultKind::standby:
    case FaultKind::broken:
        // The others lead to the same server, or to one that was there before.
        owner_.pool_.forget_idle();
        if (failure.is_in_doubt && job_.repeat == Repeat::ask_first) return ask_about_commit();
        return again_or_fail();
    case FaultKind::crowded:
    case FaultKind::final: return Verdict::fail;
    }
    return Verdict::fail;
}

Database::Verdict Database::Tries::again_or_fail() {
    if (++count_ >= most_tries) return Verdict::fail;
    owner_.pool_.pause(pause_before(count_));
    return runtime::steady_now() < deadline_ ? Verdict::again : Verdict::fail;
}

Database::Verdict Database::Tries::ask_about_commit() {
    auto ask = [this](Connection& connection) -> base::Result<std::string> {
        auto row = connection.query("SELECT pg_xact_status($1::text::xid8)", transaction_id_);
        return row.step() && !row.is_null(0) ? row.text(0) : std::string();
    };
    // While the old session lingers in the server, its transaction is still in progress.
    for (int round = 1; round <= most_tries && runtime::steady_now() < deadline_; ++round) {
        const auto status = owner_.look_up(ask);
        if (status && *status == "committed") return Verdict::done;
        if (status && *status == "aborted") return again_or_fail();
        owner_.pool_.pause(round * milliseconds(20));
    }
    error_ =
        unavailable("the connection broke before the end of a change was confirmed: look whether it holds "
                    "before you repeat it");
    error_.retry = base::Retry::no;
    return Verdict::fail;
}

} // namespace tollgate::storage::postgres
