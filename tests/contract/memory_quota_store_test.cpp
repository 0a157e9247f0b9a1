#include "contract/quota_store_contract.hpp"
#include "tollgate/storage/memory_quota_store.hpp"

namespace tollgate::tests {

namespace {

/// A store with a state of its own.
class MemoryStoreWithState final : public ports::QuotaStore {
public:
    runtime::Task<base::Result<domain::Decision>> reserve(const domain::Demand& demand) override {
        return store_.reserve(demand);
    }
    runtime::Task<base::Result<base::Money>> extend(const base::RequestId& id, base::Money more) override {
        return store_.extend(id, more);
    }
    void settle(const domain::Charge& charge) noexcept override { store_.settle(charge); }
    runtime::Task<base::Result<void>> warm(const base::AccountId& account, const ports::PurseTotal& total,
                                           std::uint64_t epoch) override {
        return store_.warm(account, total, epoch);
    }

private:
    storage::MemoryQuotaState state_;
    storage::MemoryQuotaStore store_{state_};
};

std::unique_ptr<ports::QuotaStore> make_memory_store(runtime::Worker&) {
    return std::make_unique<MemoryStoreWithState>();
}

} // namespace

INSTANTIATE_TEST_SUITE_P(Memory, QuotaStoreContract, ::testing::Values(&make_memory_store));

} // namespace tollgate::tests
