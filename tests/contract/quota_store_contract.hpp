// The promises of ports::QuotaStore, to be kept by every adapter: quota_store_contract.cpp and
// quota_store_money_contract.cpp hold the tests, each adapter's own file says
// INSTANTIATE_TEST_SUITE_P(Adapter, QuotaStoreContract, ::testing::Values(factory)).
#pragma once

#include "contract/quota_model.hpp"
#include "support/task_runner.hpp"
#include "support/test_worker.hpp"
#include "tollgate/ports/quota_store.hpp"

#include <functional>
#include <gtest/gtest.h>
#include <memory>
#include <string>

namespace tollgate::tests {

/// A store without any history, on this worker, whose loop it may turn until it is ready.
using MakeQuotaStore = std::function<std::unique_ptr<ports::QuotaStore>(runtime::Worker&)>;

/// A demand that passes everywhere: a test changes what it is about. Key and account are "key_1" and "acc_1".
domain::Demand plain_demand(const std::string& id, base::SteadyTime now);

domain::Purse budget_purse(const std::string& name, std::int64_t cap_micros);
domain::Purse wallet_purse(const std::string& name, std::int64_t cap_micros);

class QuotaStoreContract : public ::testing::TestWithParam<MakeQuotaStore> {
public:
    domain::Decision reserve(const domain::Demand& demand);
    base::Money extend(const std::string& id, std::int64_t micros);
    void settle(const std::string& id, std::int64_t cost_micros, base::SteadyTime now);
    void settle_tokens(const std::string& id, std::uint64_t tokens, base::SteadyTime now);
    /// A purse of "acc_1", or of another account.
    void warm(const std::string& purse, std::int64_t spent_micros, const std::string& account = "acc_1");

    /// Each fails the test, and gives a default, when the decision is another one.
    domain::Grant grant(const domain::Demand& demand);
    domain::Refusal refusal(const domain::Demand& demand);

    /// The numbers of a purse as a demand for nothing by another key of "acc_1" sees them.
    domain::QuotaNumbers look_at(domain::Purse purse, base::SteadyTime now);

protected:
    /// Does the event to the store and to the model; fails the test when they differ.
    void follow(QuotaModel& model, const QuotaEvent& event);

    unsigned seed_ = 10;
    base::SteadyTime now = base::SteadyTime(std::chrono::hours(1'000));

private:
    testing::TestWorker worker_;
    std::unique_ptr<ports::QuotaStore> store_ = GetParam()(worker_.worker());
    int looks_ = 0;
};

} // namespace tollgate::tests
