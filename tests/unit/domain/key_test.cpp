#include "tollgate/domain/key.hpp"

#include <gtest/gtest.h>
#include <set>

namespace tollgate::domain {

namespace {

using base::ErrorCode;
using std::chrono::microseconds;

const base::WallTime now = base::parse_rfc3339("2026-11-23T12:00:00Z").value();

std::optional<ErrorCode> fault_of(const KeyRecord& record) {
    const auto checked = check_usable(record, now);
    return checked ? std::nullopt : std::optional(checked.error().code);
}

} // namespace

TEST(Key, WordsReadBackAsWritten) {
    for (const auto state : {KeyState::active, KeyState::disabled, KeyState::revoked}) {
        EXPECT_EQ(parse_key_state(to_string(state)).value(), state);
    }
    using enum BudgetPeriod;
    for (const auto period : {none, daily, weekly, monthly}) {
        EXPECT_EQ(parse_budget_period(to_string(period)).value(), period);
    }
    for (const auto choice : {OnDisconnect::cancel, OnDisconnect::drain}) {
        EXPECT_EQ(parse_on_disconnect(to_string(choice)).value(), choice);
    }
}

TEST(Key, RefusesOtherWordsNamingTheFieldAndTheChoices) {
    for (const char* text : {"", "Active", "active ", "yearly"}) {
        EXPECT_EQ(parse_key_state(text).error().param, "state");
        EXPECT_EQ(parse_budget_period(text).error().param, "budget_period");
        EXPECT_EQ(parse_on_disconnect(text).error().param, "on_disconnect");
    }
    EXPECT_EQ(parse_on_disconnect("stop").error().message, "on_disconnect must be one of: cancel, drain");
    EXPECT_EQ(parse_on_disconnect("stop").error().code, ErrorCode::invalid_field);
}

TEST(Key, AFreshSecretIsWellFormedAndNeverTheSame) {
    std::set<std::string> secrets;
    for (int i = 0; i < 100; ++i) {
        const std::string secret = generate_key();
        EXPECT_TRUE(is_well_formed_key(secret)) << secret;
        secrets.insert(secret);
    }
    EXPECT_EQ(secrets.size(), 100);
}

TEST(Key, OnlyTheExactFormIsWellFormed) {
    const std::string good = "sk-" + std::string(64, 'a');
    EXPECT_TRUE(is_well_formed_key(good));
    EXPECT_FALSE(is_well_formed_key(""));
    EXPECT_FALSE(is_well_formed_key(good + "a"));
    EXPECT_FALSE(is_well_formed_key(good.substr(0, 66)));
    EXPECT_FALSE(is_well_formed_key("Sk-" + std::string(64, 'a')));
    EXPECT_FALSE(is_well_formed_key("sk_" + std::string(64, 'a')));
    EXPECT_FALSE(is_well_formed_key(" " + good.substr(0, 66)));
    for (int byte = 0; byte < 256; ++byte) {
        std::string text = good;
        text.back() = static_cast<char>(byte);
        const bool hex = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f');
        EXPECT_EQ(is_well_formed_key(text), hex) << byte;
    }
}

TEST(Key, AnActiveKeyIsUsableUntilTheInstantItExpires) {
    KeyRecord record;
    EXPECT_EQ(fault_of(record), std::nullopt);
    record.key.expires_at = now + microseconds(1);
    record.secret_expires_at = now + microseconds(1);
    EXPECT_EQ(fault_of(record), std::nullopt);
    record.secret_expires_at = now;
    EXPECT_EQ(fault_of(record), ErrorCode::invalid_key);
    record.key.expires_at = now;
    EXPECT_EQ(fault_of(record), ErrorCode::expired_key);
}

TEST(Key, NamesTheGravestFaultFirst) {
    KeyRecord record;
    record.secret_expires_at = now;
    EXPECT_EQ(fault_of(record), ErrorCode::invalid_key);
    record.key.expires_at = now;
    EXPECT_EQ(fault_of(record), ErrorCode::expired_key);
    record.account_disabled = true;
    EXPECT_EQ(fault_of(record), ErrorCode::account_disabled);
    record.key.state = KeyState::disabled;
    EXPECT_EQ(fault_of(record), ErrorCode::disabled_key);
    record.key.state = KeyState::revoked;
    EXPECT_EQ(fault_of(record), ErrorCode::revoked_key);
}

} // namespace tollgate::domain
