// Records and settings for the journal's tests.
#pragma once

#include "storage/journal/record.hpp"
#include "tollgate/domain/purse.hpp"
#include "tollgate/storage/journal.hpp"

namespace tollgate::testing {

inline base::WallTime test_now() {
    return base::WallTime(std::chrono::seconds(1'800'000'000));
}

inline domain::OpenRecord sample_open(const std::string& id) {
    return {.request_id = base::RequestId(id),
            .client_request_id = "trace 1",
            .key_id = base::KeyId("key_1"),
            .account_id = base::AccountId("acc_1"),
            .day = domain::parse_day("2026-11-23").value(),
            .wallet = domain::WalletUse::charged,
            .bound = base::Money::of_micros(1'000'000),
            .input_estimate = base::Money::of_micros(1'000),
            .endpoint = "chat.completions",
            .model = "openai/gpt-4o",
            .provider = "openai",
            .upstream_model = "gpt-4o",
            .delivery = domain::Delivery::stream,
            .currency = "INR",
            .usd_rate = "88.00",
            .price_version = "prices-7",
            .started_at = test_now() - std::chrono::seconds(5),
            .node = "node-1"};
}

inline domain::Checkpoint sample_checkpoint(const std::string& id, std::int64_t micros) {
    return {.request_id = base::RequestId(id),
            .cost = base::Money::of_micros(micros),
            .usage = {.input = 3, .output = 9, .source = domain::UsageSource::estimated}};
}

inline domain::UsageEvent sample_event(const std::string& id, std::int64_t micros) {
    auto event = domain::interrupted_event(sample_open(id), std::nullopt, test_now());
    event.outcome = "completed";
    event.status = 200;
    event.usage = {.input = 11,
                   .cached_input = 300,
                   .output = 70'000,
                   .requests = 1,
                   .source = domain::UsageSource::provider};
    event.cost = base::Money::of_micros(micros);
    event.first_byte = std::chrono::milliseconds(312);
    event.client_end = domain::ClientEnd::gone;
    event.attempts = 3;
    return event;
}

inline storage::JournalSettings sample_settings() {
    return {.node = "node-1",
            .linger = std::chrono::microseconds(0),
            .write_interval = std::chrono::milliseconds(1),
            .sync_interval = std::chrono::milliseconds(1),
            .flush_interval = std::chrono::milliseconds(1),
            .batch = 10,
            .calls = 64,
            .now = test_now};
}

} // namespace tollgate::testing
