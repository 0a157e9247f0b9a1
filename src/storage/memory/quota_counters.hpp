// Everything that limits are counted with: carries out what quota_step decides, ends reservations whose lease
// is over, forgets what nobody uses. Owned by MemoryQuotaState, which holds its mutex around every call.
#pragma once

#include "storage/memory/idle_map.hpp"
#include "storage/memory/quota_step.hpp"
#include "storage/memory/reservations.hpp"
#include "tollgate/storage/memory_quota_store.hpp"

namespace tollgate::storage {

class QuotaCounters {
public:
    explicit QuotaCounters(const MemoryQuotaOptions& options);

    base::Result<domain::Decision> reserve(const domain::Demand& demand);
    base::Money extend(const base::RequestId& id, base::Money more);
    void settle(const domain::Charge& charge);
    void warm(const ports::PurseTotal& total);
    void learn_generation(const base::KeyId& key, std::uint64_t generation);

    std::uint64_t releases() const { return releases_; }
    MemoryQuotaSizes sizes() const;

private:
    void advance(base::SteadyTime now);
    void reap();
    QuotaStep begin(const domain::Demand& demand);
    domain::Grant record(QuotaStep& step);
    void release(Reservation& reservation);
    void forget(const Reservation& reservation);

    MemoryQuotaOptions options_;
    base::SteadyTime now_{}; // the latest instant that anybody named
    std::uint64_t releases_ = 0;
    IdleMap<KeyCounters> keys_;
    IdleMap<AccountCounters> accounts_;
    IdleMap<PurseCounters> purses_;
    Reservations reservations_;
};

} // namespace tollgate::storage
