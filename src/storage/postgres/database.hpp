// Runs pieces of work on connections of the pool and knows what to do when one fails: again with the same
// work after a collision or a broken connection, again on another connection after a failover, an error at
// last. Shared by the parts of PostgresStorage; any thread.
#pragma once

#include "storage/postgres/pool.hpp"
#include "storage/postgres/transaction.hpp"
#include "tollgate/runtime/clock.hpp"
#include "tollgate/storage/migrate.hpp"
#include "tollgate/storage/postgres_storage.hpp"

#include <type_traits>

namespace tollgate::storage::postgres {

/// What becomes of a write whose COMMIT was not answered. Work that counts by request id is simply done
/// again; for other work the server is asked whether the transaction went through.
enum class Repeat { harmless, ask_first };

class Database {
public:
    /// Connects and looks after the schema; errors as PostgresStorage::open.
    static base::Result<std::unique_ptr<Database>> open(const PostgresSettings& settings, Migrate migrate);

    /// Runs `work(Connection&)`, which answers a Result, in a transaction: committed when the result is a
    /// value, rolled back when it is an error. `work` may run more than once.
    template <class Work>
    std::invoke_result_t<Work, Connection&> write(Work work, Repeat repeat = Repeat::ask_first) {
        return run({.access = Access::write, .repeat = repeat, .time = settings_.timeout}, work);
    }

    /// The same for work that takes its time: clearing away, correcting many events.
    template <class Work>
    std::invoke_result_t<Work, Connection&> write_at_length(Work work, Repeat repeat = Repeat::ask_first) {
        return run({.access = Access::write, .repeat = repeat, .time = long_write_time}, work);
    }

    /// Runs work that consists of one SELECT.
    template <class Work>
    std::invoke_result_t<Work, Connection&> look_up(Work work) {
        return run({.access = Access::look_up, .time = settings_.timeout}, work);
    }

    /// Runs work that reads, on one snapshot.
    template <class Work>
    std::invoke_result_t<Work, Connection&> read(Work work) {
        return run({.access = Access::snapshot, .time = settings_.timeout}, work);
    }

    /// The same for work that takes its time: proofs, reports over everything.
    template <class Work>
    std::invoke_result_t<Work, Connection&> read_at_length(Work work) {
        return run({.access = Access::snapshot, .time = long_time}, work);
    }

    const PostgresSettings& settings() const { return settings_; }
    const std::vector<std::string>& applied_migrations() const { return applied_migrations_; }

private:
    static constexpr std::chrono::milliseconds long_time = std::chrono::hours(1);
    /// A process that ends waits for it.
    static constexpr std::chrono::milliseconds long_write_time = std::chrono::minutes(2);

    struct Job {
        Access access = Access::look_up;
        Repeat repeat = Repeat::harmless;
        std::chrono::milliseconds time{};
    };
    enum class Verdict { again, done, fail };

    /// What ended one try.
    struct Failure {
        Fault fault{};
        bool is_in_doubt = false; // the COMMIT was sent and not answered
    };

    /// One job's tries: counts them and decides, without knowing the work's type.
    class Tries {
    public:
        Tries(Database& owner, const Job& job)
            : owner_(owner), job_(job), deadline_(runtime::steady_now() + job.time) {}
        base::SteadyTime deadline() const { return deadline_; }
        const Job& job() const { return job_; }
        /// Notes the transaction's id while it still runs, if it will be asked for.
        void will_commit(Connection& connection);
        /// Puts a fault into words, and the connection in order if it is still good.
        Failure failed(const std::exception& thrown, Pool::Lease& lease, const Transaction* transaction,
                       const Watchdog::Watch& watch) const;
        /// `done` when a COMMIT without an answer turns out to hold. Sleeps before it says `again`.
        Verdict after(const Failure& failure);
        const base::Error& error() const { return error_; }

    private:
        Verdict ask_about_commit();
        Verdict again_or_fail();

        Database& owner_;
        Job job_;
        base::SteadyTime deadline_;
        std::string transaction_id_{};
        int count_ = 0;
        base::Error error_{};
    };

    Database(const PostgresSettings& settings, base::Secret connection_string);
    base::Result<void> prepare_schema(Migrate migrate);

    template <class Work>
    std::invoke_result_t<Work, Connection&> run(const Job& job, Work& work);
    /// Nothing: `result` is there and holds.
    template <class Work>
    std::optional<Failure> attempt(Tries& tries, Work& work,
                                   std::optional<std::invoke_result_t<Work, Connection&>>& result);

    PostgresSettings settings_;
    std::vector<std::string> applied_migrations_;
    Pool pool_;
};

template <class Work>
std::invoke_result_t<Work, Connection&> Database::run(const Job& job, Work& work) {
    Tries tries(*this, job);
    while (true) {
        std::optional<std::invoke_result_t<Work, Connection&>> result;
        const auto failure = attempt(tries, work, result);
        const Verdict verdict = failure ? tries.after(*failure) : Verdict::done;
        if (verdict == Verdict::done) return std::move(*result);
        if (verdict == Verdict::fail) return base::fail(tries.error());
    }
}

template <class Work>
std::optional<Database::Failure>
Database::attempt(Tries& tries, Work& work, std::optional<std::invoke_result_t<Work, Connection&>>& result) {
    auto lease = pool_.take(tries.deadline());
    if (!lease) return Failure{.fault = {.kind = FaultKind::final, .error = lease.error()}};
    Connection& connection = lease->connection();
    const Watchdog::Watch watch(pool_.watchdog(), connection.socket(), tries.deadline());
    std::optional<Transaction> transaction;
    try {
        transaction.emplace(connection, tries.job().access, tries.job().time);
        result.emplace(work(connection));
        if (*result) {
            tries.will_commit(connection);
            transaction->commit();
        } else {
            transaction->roll_back();
        }
        lease->keep();
        return std::nullopt;
    } catch (const std::exception& thrown) {
        return tries.failed(thrown, *lease, transaction ? &*transaction : nullptr, watch);
    }
}

} // namespace tollgate::storage::postgres
