// Limits and budgets counted in Redis, for any number of nodes: one step, one round trip. Without Redis, each
// node counts its share (local_quota.hpp). One worker.
#pragma once

#include "storage/redis/confirmations.hpp"
#include "storage/redis/local_quota.hpp"
#include "storage/redis/marks.hpp"
#include "storage/redis/turns.hpp"

#include <unordered_map>

namespace tollgate::storage::redis {

class RedisQuotaStore final : public ports::QuotaStore, private EndObserver {
public:
    RedisQuotaStore(QuotaState& state, LocalQuota& local);
    RedisQuotaStore(const RedisQuotaStore&) = delete;
    RedisQuotaStore& operator=(const RedisQuotaStore&) = delete;
    ~RedisQuotaStore() override;

    runtime::Task<base::Result<domain::Decision>> reserve(const domain::Demand& demand) override;
    runtime::Task<base::Result<base::Money>> extend(const base::RequestId& id, base::Money more) override;
    void settle(const domain::Charge& charge) noexcept override;
    runtime::Task<base::Result<void>> warm(const base::AccountId& account, const domain::PurseTotal& total,
                                           std::uint64_t epoch) override;

    /// The ledger has counted these calls.
    void counted(std::span<const base::RequestId> calls, std::span<const domain::PurseTotal> totals);

    /// Calls in flight, ended ones that the ledger does not have, and confirmations on their way.
    std::size_t unconfirmed() const;

    /// Says again what was not acknowledged; called every fraction of a second.
    void tend();

    /// Purses with ended calls that the ledger does not have do not expire; called every few minutes.
    void keep_pending();

    /// Tells the epoch of the view everything that it must know of this worker's calls. Error:
    /// storage_unavailable, after which only another epoch can be right.
    runtime::Task<base::Result<void>> tell_everything();

    /// The fleet counts locally from now on: what this worker's calls hold.
    std::vector<Holding> go_local();

    /// What was said to the epoch before is of no use.
    void begin_epoch();

private:
    class Asking;
    struct GivenUp {
        base::AccountId account{};
        base::KeyId key{};
        std::vector<std::string> purses{};
        base::SteadyTime since{};
    };

    bool may_ask(const domain::Demand& demand);
    runtime::Task<base::Result<QuotaHome>> find_counters(const domain::Demand& demand,
                                                         base::SteadyTime deadline);
    runtime::Task<base::Result<StepAnswer>> ask(const domain::Demand& demand, Asking& asking);
    std::optional<domain::Decision> take(domain::Decision decision, std::uint64_t epoch, Asking& asking);
    runtime::Task<base::Result<void>> wait_until_void(base::SteadyTime deadline);
    runtime::Task<base::Result<void>> wait_for_server(base::SteadyTime deadline);
    bool is_away_for_long(const domain::Demand& demand);
    runtime::Task<base::Result<domain::Decision>> reserve_locally(const domain::Demand& demand);
    runtime::Task<base::Result<void>> restore(base::RequestId id, OpenCall call);
    runtime::Task<base::Result<bool>> try_warm(base::AccountId account, domain::PurseTotal total);
    bool is_reachable(const domain::Demand& demand);
    void remember(const domain::Demand& demand, const domain::Grant& grant, QuotaHome home);
    void tell_end(const base::RequestId& id, OpenCall& call);
    void tell_given_up(const base::RequestId& id, const GivenUp& call);
    void ended(const base::RequestId& id, EndResult result) override;
    void note_settled(const base::RequestId& id);

    QuotaState& state_;
    LocalQuota& local_;
    Marks marks_{state_};
    Confirmations confirmations_{state_};
    Turns turns_{state_, *this};
    std::unordered_map<base::RequestId, GivenUp> given_up_;
    NobodyWaits ignored_;
    std::uint64_t openings_ = 0;
};

} // namespace tollgate::storage::redis
