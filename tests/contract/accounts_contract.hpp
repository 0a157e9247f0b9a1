// What every Accounts adapter promises. Parameterised with a factory of empty stores; each adapter
// instantiates it in a test file of its own.
#pragma once

#include "contract/store_factory.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace tollgate::testing {

inline ports::Account make_account(const std::string& email) {
    ports::Account account;
    account.id = base::new_account_id();
    account.email = email;
    account.name = "Someone";
    account.created_at = base::WallTime(std::chrono::microseconds(1'700'000'000'000'001));
    return account;
}

class AccountsContract : public ::testing::TestWithParam<StoreFactory> {
protected:
    void SetUp() override { stores_ = GetParam().open(); }
    ports::Accounts& accounts() { return stores_->accounts(); }

private:
    std::unique_ptr<Stores> stores_;
};

TEST_P(AccountsContract, GivesBackEveryFieldAsItWasWritten) {
    ports::Account account = make_account("a@example.org");
    account.name = "Zoë \"quoted\" 'x'";
    account.role = ports::Role::admin;
    account.disabled = true;
    account.password_hash = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA";
    account.concurrency = 2'000'000'000;
    account.session_version = 12;
    ASSERT_TRUE(accounts().create(account).has_value());

    EXPECT_EQ(accounts().find(account.id).value(), account);
    EXPECT_EQ(accounts().find_by_email("a@example.org").value(), account);
    EXPECT_EQ(accounts().list().value(), std::vector{account});
}

TEST_P(AccountsContract, FindsNothingForWhatIsNotThere) {
    EXPECT_FALSE(accounts().find(base::AccountId("acc_none")).value().has_value());
    EXPECT_FALSE(accounts().find_by_email("nobody@example.org").value().has_value());
    EXPECT_TRUE(accounts().list().value().empty());
    const auto updated = accounts().update(base::AccountId("acc_none"), {});
    EXPECT_EQ(updated.error().code, base::ErrorCode::not_found);
}

TEST_P(AccountsContract, RefusesAnEmailTwice) {
    ASSERT_TRUE(accounts().create(make_account("a@example.org")).has_value());
    EXPECT_EQ(accounts().create(make_account("a@example.org")).error().code, base::ErrorCode::already_exists);
    EXPECT_EQ(accounts().create_first_as_admin(make_account("a@example.org")).error().code,
              base::ErrorCode::already_exists);
    EXPECT_EQ(accounts().list().value().size(), 1U);
}

TEST_P(AccountsContract, OnlyTheFirstAccountBecomesAdminByItself) {
    const auto first = make_account("a@example.org");
    const auto second = make_account("b@example.org");
    EXPECT_EQ(accounts().create_first_as_admin(first).value(), ports::Role::admin);
    EXPECT_EQ(accounts().create_first_as_admin(second).value(), ports::Role::member);
    EXPECT_EQ(accounts().find(first.id).value()->role, ports::Role::admin);
    EXPECT_EQ(accounts().find(second.id).value()->role, ports::Role::member);
}

TEST_P(AccountsContract, ListsOldestFirst) {
    std::vector<ports::Account> expected;
    for (const int age : {3, 1, 2}) {
        auto account = make_account(std::to_string(age) + "@example.org");
        account.created_at -= std::chrono::hours(age);
        ASSERT_TRUE(accounts().create(account).has_value());
        expected.push_back(account);
    }
    std::ranges::sort(expected, {}, &ports::Account::created_at);
    EXPECT_EQ(accounts().list().value(), expected);
}

TEST_P(AccountsContract, AnUpdateChangesWhatThePatchNamesAndAnswersTheResult) {
    auto account = make_account("a@example.org");
    account.concurrency = 3;
    ASSERT_TRUE(accounts().create(account).has_value());

    ports::AccountPatch patch;
    patch.name = "New name";
    patch.role = ports::Role::admin;
    patch.disabled = true;
    patch.concurrency.emplace(std::nullopt);
    const auto updated = accounts().update(account.id, patch);

    account.name = "New name";
    account.role = ports::Role::admin;
    account.disabled = true;
    account.concurrency.reset();
    EXPECT_EQ(updated.value(), account);
    EXPECT_EQ(accounts().find(account.id).value(), account);
}

TEST_P(AccountsContract, ANewPasswordOrAnEndOfSessionsGrowsTheSessionVersion) {
    const auto account = make_account("a@example.org");
    ASSERT_TRUE(accounts().create(account).has_value());
    EXPECT_EQ(accounts().update(account.id, {}).value().session_version, 1U);
    ports::AccountPatch password;
    password.password_hash = "hash";
    EXPECT_EQ(accounts().update(account.id, password).value().session_version, 2U);
    ports::AccountPatch sessions;
    sessions.end_sessions = true;
    EXPECT_EQ(accounts().update(account.id, sessions).value().session_version, 3U);
    EXPECT_EQ(accounts().find(account.id).value()->password_hash, "hash");
}

} // namespace tollgate::testing
