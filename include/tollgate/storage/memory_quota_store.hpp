// Limits counted in this process: one MemoryQuotaState for the whole process, one MemoryQuotaStore over it
// for each worker. The state may be used from any thread: a mutex guards sections of about a microsecond.
#pragma once

#include "tollgate/ports/quota_store.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>

namespace tollgate::storage {

class QuotaCounters;

struct MemoryQuotaOptions {
    /// Counters of keys, accounts and purses that nothing used for so long are dropped; a dropped purse is
    /// cold again. A purse that was charged more than warm() has told stays, however long the ledger lags
    /// behind. At least a minute, and longer than a worker may keep a key record (keys.cache_time).
    std::chrono::seconds idle_time{600};
    /// How long after the end of its lease a call can still be settled.
    std::chrono::seconds late_time{3600};
};

/// How much is remembered; for metrics and tests.
struct MemoryQuotaSizes {
    std::size_t keys = 0;
    std::size_t accounts = 0;
    std::size_t purses = 0;
    std::size_t reservations = 0;
};

class MemoryQuotaState {
public:
    explicit MemoryQuotaState(const MemoryQuotaOptions& options = {});
    MemoryQuotaState(const MemoryQuotaState&) = delete;
    MemoryQuotaState& operator=(const MemoryQuotaState&) = delete;
    ~MemoryQuotaState();

    /// The methods of ports::QuotaStore without a coroutine. Error: conflict, when a reservation with this id
    /// belongs to another key.
    base::Result<domain::Decision> reserve(const domain::Demand& demand);
    base::Money extend(const base::RequestId& id, base::Money more);
    void settle(const domain::Charge& charge) noexcept;
    void warm(const ports::PurseTotal& total);

    /// The key was changed in this process: demands with an older record are Stale from now on.
    void learn_generation(const base::KeyId& key, std::uint64_t generation);

    /// Grows whenever money that was set aside has come free: a call that waits for money looks at it to know
    /// when to ask again. Does not lock.
    std::uint64_t releases() const { return releases_.load(std::memory_order_acquire); }

    MemoryQuotaSizes sizes() const;

private:
    void publish_releases();

    mutable std::mutex mutex_;
    std::unique_ptr<QuotaCounters> counters_; // guarded by mutex_
    std::atomic<std::uint64_t> releases_{0};
};

class MemoryQuotaStore final : public ports::QuotaStore {
public:
    explicit MemoryQuotaStore(MemoryQuotaState& state) : state_(state) {}

    runtime::Task<base::Result<domain::Decision>> reserve(const domain::Demand& demand) override;
    runtime::Task<base::Result<base::Money>> extend(const base::RequestId& id, base::Money more) override;
    void settle(const domain::Charge& charge) noexcept override;
    runtime::Task<base::Result<void>> warm(const base::AccountId& account, const ports::PurseTotal& total,
                                           std::uint64_t epoch) override;

private:
    MemoryQuotaState& state_; // outlives every worker
};

} // namespace tollgate::storage
