#include "tollgate/domain/key.hpp"

#include <gtest/gtest.h>

namespace tollgate::domain {

namespace {

ApiKey limited_key() {
    ApiKey key;
    key.id = base::KeyId("key_1");
    key.name = "first";
    key.expires_at = base::WallTime(std::chrono::seconds(100));
    key.policy.token_limit = 1000;
    key.policy.concurrency = 3;
    key.policy.budget = base::Money::of_micros(5);
    key.policy.models = {"openai/*"};
    key.metadata = {{"team", "red"}};
    key.generation = 7;
    return key;
}

} // namespace

TEST(KeyPatch, AnEmptyPatchChangesNothing) {
    ApiKey key = limited_key();
    apply_patch(key, {});
    EXPECT_EQ(key, limited_key());
}

TEST(KeyPatch, ChangesWhatItNamesAndNothingElse) {
    ApiKey key = limited_key();
    KeyPatch patch;
    patch.name = "second";
    patch.state = KeyState::disabled;
    patch.rate_limit = 9;
    patch.budget_period = BudgetPeriod::daily;
    patch.ip_allow = std::vector<std::string>{"10.0.0.0/8"};
    patch.on_disconnect = OnDisconnect::drain;
    apply_patch(key, patch);

    ApiKey expected = limited_key();
    expected.name = "second";
    expected.state = KeyState::disabled;
    expected.policy.rate_limit = 9;
    expected.policy.budget_period = BudgetPeriod::daily;
    expected.policy.ip_allow = {"10.0.0.0/8"};
    expected.policy.on_disconnect = OnDisconnect::drain;
    EXPECT_EQ(key, expected);
}

TEST(KeyPatch, AnInnerAbsenceLiftsALimit) {
    ApiKey key = limited_key();
    KeyPatch patch;
    patch.token_limit.emplace(std::nullopt);
    patch.concurrency.emplace(std::nullopt);
    patch.budget.emplace(std::nullopt);
    patch.expires_at.emplace(std::nullopt);
    patch.models.emplace();
    patch.metadata.emplace();
    apply_patch(key, patch);

    EXPECT_FALSE(key.policy.token_limit.has_value());
    EXPECT_FALSE(key.policy.concurrency.has_value());
    EXPECT_FALSE(key.policy.budget.has_value());
    EXPECT_FALSE(key.expires_at.has_value());
    EXPECT_TRUE(key.policy.models.empty());
    EXPECT_TRUE(key.metadata.empty());
}

} // namespace tollgate::domain
