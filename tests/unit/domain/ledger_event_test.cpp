#include "tollgate/domain/ledger_event.hpp"

#include <gtest/gtest.h>

namespace tollgate::domain {

using base::Money;
using namespace std::chrono_literals;

namespace {

OpenRecord an_open_call() {
    return {.request_id = base::RequestId("req_1"),
            .client_request_id = "mine",
            .key_id = base::KeyId("key_1"),
            .account_id = base::AccountId("acc_1"),
            .wallet = WalletUse::charged,
            .bound = Money::of_micros(1000),
            .input_estimate = Money::of_micros(300),
            .endpoint = "chat.completions",
            .model = "gpt-4o",
            .provider = "openai",
            .upstream_model = "gpt-4o-2024",
            .delivery = Delivery::stream,
            .currency = "INR",
            .usd_rate = "88.00",
            .price_version = "v1",
            .started_at = base::WallTime(1'000'000us),
            .node = "n1"};
}

} // namespace

TEST(InterruptedCall, IsChargedTheInputEstimateWhenNothingWasMetered) {
    const auto event = interrupted_event(an_open_call(), std::nullopt, base::WallTime(3'500'000us));
    EXPECT_EQ(event.cost.micros(), 300);
    EXPECT_EQ(event.usage.source, UsageSource::interrupted);
    EXPECT_EQ(event.outcome, "interrupted");
    EXPECT_EQ(event.duration, 2500ms);
    EXPECT_EQ(event.request_id.text(), "req_1");
    EXPECT_EQ(event.wallet, WalletUse::charged);
}

TEST(InterruptedCall, IsChargedItsLastCheckpoint) {
    const Checkpoint last{.request_id = base::RequestId("req_1"),
                          .cost = Money::of_micros(450),
                          .usage = {.input = 10, .output = 7, .source = UsageSource::estimated}};
    const auto event = interrupted_event(an_open_call(), last, base::WallTime(2'000'000us));
    EXPECT_EQ(event.cost.micros(), 450);
    EXPECT_EQ(event.usage.output, 7U);
    EXPECT_EQ(event.usage.source, UsageSource::interrupted);
}

TEST(InterruptedCall, NeverCostsMoreThanItsBoundOrLessThanNothing) {
    auto open = an_open_call();
    open.input_estimate = Money::of_micros(5000);
    EXPECT_EQ(interrupted_event(open, std::nullopt, open.started_at).cost, open.bound);
    open.input_estimate = Money::of_micros(-1);
    EXPECT_EQ(interrupted_event(open, std::nullopt, open.started_at).cost, Money{});
    open.bound = Money::of_micros(-1);
    EXPECT_EQ(interrupted_event(open, std::nullopt, open.started_at).cost, Money{});
}

TEST(InterruptedCall, DoesNotEndBeforeItBegan) {
    const auto event = interrupted_event(an_open_call(), std::nullopt, base::WallTime(0us));
    EXPECT_EQ(event.ended_at, event.started_at);
    EXPECT_EQ(event.duration, 0ms);
}

TEST(LedgerEvent, HasAWordForEachFlag) {
    EXPECT_EQ(to_string(Delivery::plain), "plain");
    EXPECT_EQ(to_string(Delivery::stream), "stream");
    EXPECT_EQ(to_string(ClientEnd::stayed), "stayed");
    EXPECT_EQ(to_string(ClientEnd::gone), "gone");
}

} // namespace tollgate::domain
