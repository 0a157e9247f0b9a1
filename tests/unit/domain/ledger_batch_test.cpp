#include "tollgate/domain/ledger_batch.hpp"

#include "tollgate/domain/purse.hpp"

#include <gtest/gtest.h>

namespace tollgate::domain {

using base::Money;
using namespace std::chrono_literals;

namespace {

UsageEvent event(std::string_view id, std::int64_t micros) {
    return {.request_id = base::RequestId(std::string(id)),
            .key_id = base::KeyId("key_1"),
            .account_id = base::AccountId("acc_1"),
            .day = parse_day("2026-11-23").value(),
            .model = "openai/gpt-4o",
            .provider = "openai",
            .upstream_model = "gpt-4o",
            .status = 200,
            .usage = {.input = 10, .output = 5},
            .cost = Money::of_micros(micros),
            .started_at = base::parse_rfc3339("2026-11-22T19:45:00Z").value()};
}

} // namespace

TEST(LedgerBatch, SumsByDayOfTheZoneAndByHourOfUtc) {
    LedgerBatch batch;
    batch.add(event("a", 100));
    batch.add(event("b", 50));
    ASSERT_EQ(batch.days.size(), 1U);
    const auto& [day, sums] = *batch.days.begin();
    EXPECT_EQ(to_string(day.day), "2026-11-23");
    EXPECT_EQ(day.model, "gpt-4o");
    EXPECT_EQ(sums.usage.requests, 2U);
    EXPECT_EQ(sums.usage.input, 20U);
    EXPECT_EQ(sums.usage.cost.micros(), 150);
    ASSERT_EQ(batch.hours.size(), 1U);
    EXPECT_EQ(base::to_rfc3339(batch.hours.begin()->first.hour), "2026-11-22T19:00:00Z");
}

TEST(LedgerBatch, CountsInThePursesOfEveryPeriod) {
    LedgerBatch batch;
    batch.add(event("a", 100));
    ASSERT_EQ(batch.purses.size(), budget_periods.size());
    for (const auto* name :
         {"budget:key_1:total", "budget:key_1:2026-11-23", "budget:key_1:2026-W48", "budget:key_1:2026-11"}) {
        EXPECT_EQ(batch.purses[name].micros(), 100) << name;
    }
}

TEST(LedgerBatch, ChargesTheWalletOnlyWhereTheEventSaysSo) {
    LedgerBatch batch;
    batch.add(event("a", 100));
    EXPECT_TRUE(batch.wallets.empty());
    auto charged = event("b", 70);
    charged.wallet = WalletUse::charged;
    batch.add(charged);
    ASSERT_EQ(batch.wallets.size(), 1U);
    EXPECT_EQ(batch.wallets.begin()->second.front().cost.micros(), 70);
    EXPECT_EQ(batch.days.begin()->second.wallet.micros(), 70);
    EXPECT_EQ(batch.days.begin()->second.usage.cost.micros(), 170);
}

TEST(LedgerBatch, ACorrectionChangesMoneyInEverySumAndNothingElse) {
    LedgerBatch batch;
    auto charged = event("a", 100);
    charged.wallet = WalletUse::charged;
    batch.correct(charged, Money::of_micros(-40));
    batch.correct(event("b", 10), Money::of_micros(15));
    const UsageSums difference{.cost = Money::of_micros(-25)};
    ASSERT_EQ(batch.days.size(), 1U);
    EXPECT_EQ(batch.days.begin()->second.usage, difference);
    EXPECT_EQ(batch.days.begin()->second.wallet.micros(), -40);
    EXPECT_EQ(batch.hours.begin()->second.usage, difference);
    EXPECT_EQ(batch.keys.begin()->second.spent.micros(), -25);
    EXPECT_TRUE(batch.latencies.empty()) << "the call took its time once";
    EXPECT_EQ(batch.keys.begin()->second.requests, 0U);
    EXPECT_EQ(batch.accounts.begin()->second.requests, 0U);
    EXPECT_EQ(batch.purses["budget:key_1:total"].micros(), -25);
    ASSERT_EQ(batch.wallets.begin()->second.size(), 1U);
    EXPECT_EQ(batch.wallets.begin()->second.front().kind, ChargeKind::correction);
}

TEST(LedgerBatch, CountsHowLongCallsTookForTheGroupTheAccountItsModelTheModelAndAll) {
    LedgerBatch batch;
    batch.add(event("a", 1));
    auto failed = event("b", 1);
    failed.status = 500;
    batch.add(failed);
    ASSERT_EQ(batch.latencies.size(), 5U);
    for (const auto& [key, sum] : batch.latencies) EXPECT_EQ(sum.calls, 1U);
    EXPECT_TRUE(batch.latencies.begin()->first.group.account_id.empty());
    EXPECT_FALSE(batch.latencies.rbegin()->first.group.key_id.empty());
}

TEST(LedgerBatch, CountsAnswersOf400AndAboveAsFailed) {
    LedgerBatch batch;
    for (const std::uint16_t status :
         {std::uint16_t{200}, std::uint16_t{399}, std::uint16_t{400}, std::uint16_t{502}}) {
        auto each = event("a", 0);
        each.status = status;
        batch.add(each);
    }
    EXPECT_EQ(batch.days.begin()->second.usage.failed, 2U);
}

TEST(LedgerBatch, RefusesWhatWouldSpoilTheSums) {
    EXPECT_TRUE(is_countable(event("a", 0)));
    EXPECT_FALSE(is_countable(event("", 0)));
    EXPECT_FALSE(is_countable(event("a", -1)));
    EXPECT_FALSE(is_countable(event("a", INT64_MAX)));
    auto absurd = event("a", 1);
    absurd.usage.output = UINT64_MAX;
    EXPECT_FALSE(is_countable(absurd));
    auto ownerless = event("a", 1);
    ownerless.key_id = base::KeyId();
    EXPECT_FALSE(is_countable(ownerless));
}

TEST(LedgerBatch, KeepsSumsUnderTheAskedModelWhenNoneWasSentUpstream) {
    auto each = event("a", 1);
    each.upstream_model.clear();
    EXPECT_EQ(billed_model(each), "openai/gpt-4o");
}

} // namespace tollgate::domain
