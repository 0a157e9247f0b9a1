#include "tollgate/storage/memory_quota_store.hpp"

#include "storage/memory/quota_counters.hpp"

namespace tollgate::storage {

MemoryQuotaState::MemoryQuotaState(const MemoryQuotaOptions& options)
    : counters_(std::make_unique<QuotaCounters>(options)) {}

MemoryQuotaState::~MemoryQuotaState() = default;

base::Result<domain::Decision> MemoryQuotaState::reserve(const domain::Demand& demand) {
    const std::lock_guard lock(mutex_);
    auto decision = counters_->reserve(demand);
    publish_releases();
    return decision;
}

base::Money MemoryQuotaState::extend(const base::RequestId& id, base::Money more) {
    const std::lock_guard lock(mutex_);
    return counters_->extend(id, more);
}

void MemoryQuotaState::settle(const domain::Charge& charge) noexcept {
    const std::lock_guard lock(mutex_);
    counters_->settle(charge);
    publish_releases();
}

void MemoryQuotaState::warm(const ports::PurseTotal& total) {
    const std::lock_guard lock(mutex_);
    counters_->warm(total);
}

void MemoryQuotaState::learn_generation(const base::KeyId& key, std::uint64_t generation) {
    const std::lock_guard lock(mutex_);
    counters_->learn_generation(key, generation);
}

MemoryQuotaSizes MemoryQuotaState::sizes() const {
    const std::lock_guard lock(mutex_);
    return counters_->sizes();
}

void MemoryQuotaState::publish_releases() {
    releases_.store(counters_->releases(), std::memory_order_release);
}

runtime::Task<base::Result<domain::Decision>> MemoryQuotaStore::reserve(const domain::Demand& demand) {
    co_return state_.reserve(demand);
}

runtime::Task<base::Result<base::Money>> MemoryQuotaStore::extend(const base::RequestId& id,
                                                                  base::Money more) {
    co_return state_.extend(id, more);
}

void MemoryQuotaStore::settle(const domain::Charge& charge) noexcept {
    state_.settle(charge);
}

runtime::Task<base::Result<void>> MemoryQuotaStore::warm(const base::AccountId&,
                                                         const ports::PurseTotal& total, std::uint64_t) {
    state_.warm(total);
    co_return base::Result<void>{};
}

} // namespace tollgate::storage
