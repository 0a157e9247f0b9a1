// Empty books of one adapter for the ledger contract, and events to fill them with.
#pragma once

#include "tollgate/domain/purse.hpp"
#include "tollgate/ports/ledger.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <random>
#include <string>

namespace tollgate::testing {

/// Books that live as long as this object.
class Books {
public:
    virtual ~Books() = default;
    virtual ports::Ledger& ledger() = 0;
    /// Executes SQL behind the ledger's back; throws when it fails or changes nothing.
    virtual void tamper(const std::string& sql) = 0;
    virtual void add_account(const base::AccountId& id) = 0;
};

struct BooksFactory {
    std::string name{};
    std::function<std::unique_ptr<Books>()> open{};
};

inline std::string books_name(const ::testing::TestParamInfo<BooksFactory>& tested) {
    return tested.param.name;
}

inline base::WallTime time_at(std::string_view text) {
    return base::parse_rfc3339(text).value();
}

inline std::chrono::local_days day_at(std::string_view text) {
    return domain::parse_day(text).value();
}

inline base::Money rupees(std::int64_t amount) {
    return base::Money::of_micros(amount * base::Money::units_per_one);
}

/// An event with every field set.
inline domain::UsageEvent full_event(const std::string& id) {
    return {.request_id = base::RequestId(id),
            .client_request_id = "trace-\"1\"",
            .key_id = base::KeyId("key_1"),
            .account_id = base::AccountId("acc_1"),
            .day = day_at("2026-11-23"),
            .endpoint = "chat.completions",
            .model = "openai/gpt-4o",
            .provider = "openai",
            .upstream_model = "gpt-4o",
            .delivery = domain::Delivery::stream,
            .status = 200,
            .outcome = "completed",
            .usage = {.input = 11,
                      .cached_input = 12,
                      .cache_write = 13,
                      .output = 14,
                      .audio_input = 15,
                      .audio_output = 16,
                      .images = 17,
                      .requests = 1,
                      .reasoning = 5,
                      .source = domain::UsageSource::provider},
            .cost = base::Money::of_micros(1'234'567),
            .bound = base::Money::of_micros(2'000'000),
            .currency = "INR",
            .usd_rate = "88.00",
            .price_version = "prices-7",
            .started_at = time_at("2026-11-23T09:05:00.123456Z"),
            .ended_at = time_at("2026-11-23T09:05:02.5Z"),
            .first_byte = std::chrono::milliseconds(321),
            .duration = std::chrono::milliseconds(2377),
            .client_end = domain::ClientEnd::gone,
            .attempts = 2,
            .node = "node-1"};
}

inline domain::UsageEvent event_of(const std::string& id, base::Money cost) {
    auto event = full_event(id);
    event.cost = cost;
    event.bound = cost;
    return event;
}

inline domain::UsageEvent wallet_event(const std::string& id, base::Money cost) {
    auto event = event_of(id, cost);
    event.wallet = domain::WalletUse::charged;
    return event;
}

inline ports::Lot lot_of(const std::string& id, base::Money amount) {
    return {.id = ports::LotId(id),
            .account_id = base::AccountId("acc_1"),
            .amount = amount,
            .added_at = time_at("2026-11-01T00:00:00Z"),
            .note = "by hand"};
}

/// Any event: one of 3 accounts, 5 keys, 4 models, 40 days; now and then failed, dear or from a wallet.
inline domain::UsageEvent random_event(std::mt19937& random, int number) {
    const auto pick = [&random](unsigned limit) { return static_cast<unsigned>(random() % limit); };
    auto event = full_event("req_" + std::to_string(number));
    const unsigned key = pick(5);
    event.key_id = base::KeyId("key_" + std::to_string(key));
    event.account_id = base::AccountId("acc_" + std::to_string(1 + key % 3));
    event.provider = pick(2) == 0 ? "openai" : "anthropic";
    event.upstream_model = "model-" + std::to_string(pick(4));
    event.status = pick(5) == 0 ? 502 : 200;
    event.started_at = time_at("2026-10-20T00:00:00Z") + std::chrono::minutes(pick(40 * 24 * 60));
    event.day = std::chrono::local_days(std::chrono::floor<std::chrono::days>(
        event.started_at.time_since_epoch() + std::chrono::minutes(330)));
    event.cost = base::Money::of_micros(pick(5'000'000));
    event.bound = base::Money();
    event.usage.input = pick(10'000);
    event.usage.output = pick(10'000);
    event.wallet = pick(2) == 0 ? domain::WalletUse::charged : domain::WalletUse::none;
    return event;
}

} // namespace tollgate::testing
