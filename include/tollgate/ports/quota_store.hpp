// Where limits are counted. One per worker; its methods are called on that worker's thread and may share
// state with the stores of other workers behind the interface.
#pragma once

#include "tollgate/domain/quota.hpp"
#include "tollgate/runtime/task.hpp"

namespace tollgate::ports {

using domain::PurseTotal;

class QuotaStore {
public:
    virtual ~QuotaStore() = default;

    /// One atomic step over every limit; see domain/quota.hpp. Idempotent by Demand::id. A refused demand
    /// counts nowhere. Error: storage_unavailable.
    virtual runtime::Task<base::Result<domain::Decision>> reserve(const domain::Demand& demand) = 0;

    /// Sets `more` aside for a reservation that goes on, up to what its purses have left by the newest caps;
    /// answers what it added: less than `more`, or nothing, is no error. Nothing for a reservation that is
    /// not known or whose lease is over. What it added ends with the reservation. Streams that are set
    /// aside in slices wait for it in the middle of their relay: it must answer within milliseconds or fail.
    /// Error: storage_unavailable, then nothing was added.
    virtual runtime::Task<base::Result<base::Money>> extend(const base::RequestId& id, base::Money more) = 0;

    /// Ends a reservation: frees what was set aside, adds the cost, corrects the tokens. Never waits; a
    /// second call with the same id does nothing.
    virtual void settle(const domain::Charge& charge) noexcept = 0;

    /// Teaches the store the total of one of the account's purses, as the ledger had it after reserve() said
    /// Cold; never lowers what it has counted itself. `epoch` is that answer's: in a later one the total is
    /// too old, teaches nothing, and reserve() says Cold again. A store that shares its counters may have to
    /// wait for others first.
    virtual runtime::Task<base::Result<void>> warm(const base::AccountId& account, const PurseTotal& total,
                                                   std::uint64_t epoch) = 0;
};

} // namespace tollgate::ports
