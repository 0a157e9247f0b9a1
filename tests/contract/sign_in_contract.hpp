// What adapters of the ports behind signing in promise: sessions, one-time tokens, attempts; and the audit
// log.
#pragma once

#include "contract/empty_storage.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace tollgate::testing {

using std::chrono::hours;
using std::chrono::seconds;

class SessionsContract : public StorageContract {
protected:
    ports::Sessions& sessions() { return storage().sessions(); }

    ports::Session make_session(const base::AccountId& account, const std::string& id, int age = 0) const {
        const auto begun = now_ - seconds(age);
        return {.id = ports::SessionId(id),
                .account_id = account,
                .version = 3,
                .created_at = begun,
                .last_seen_at = begun,
                .expires_at = begun + hours(12),
                .address = "2001:db8::1",
                .user_agent = "a \"browser\"; 'x'"};
    }
};

TEST_P(SessionsContract, GivesBackEveryFieldAsItWasWritten) {
    const auto account = add_account("a@example.org");
    const auto session = make_session(account.id, "ses_1");
    ASSERT_TRUE(sessions().create(session, 10).has_value());
    EXPECT_EQ(sessions().find(session.id).value(), session);
    EXPECT_EQ(sessions().list(account.id, now_).value(), std::vector{session});
    EXPECT_FALSE(sessions().find(ports::SessionId("ses_2")).value().has_value());
}

TEST_P(SessionsContract, BelongsToAnAccountThatExists) {
    const auto session = make_session(base::AccountId("acc_none"), "ses_1");
    EXPECT_EQ(sessions().create(session, 10).error().code, base::ErrorCode::not_found);
}

TEST_P(SessionsContract, EndsTheOldestBeyondTheMost) {
    const auto account = add_account("a@example.org");
    for (int each = 0; each < 5; ++each) {
        const auto session = make_session(account.id, "ses_" + std::to_string(each), 10 - each);
        ASSERT_TRUE(sessions().create(session, 3).has_value());
    }
    std::vector<std::string> left;
    for (const auto& session : sessions().list(account.id, now_).value()) left.push_back(session.id.text());
    EXPECT_EQ(left, (std::vector<std::string>{"ses_4", "ses_3", "ses_2"}));
}

TEST_P(SessionsContract, DropsWhatHasExpired) {
    const auto account = add_account("a@example.org");
    const auto old = make_session(account.id, "ses_old", 13 * 3600);
    ASSERT_TRUE(sessions().create(old, 10).has_value());
    EXPECT_TRUE(sessions().list(account.id, now_).value().empty());
    ASSERT_TRUE(sessions().create(make_session(account.id, "ses_new"), 10).has_value());
    EXPECT_FALSE(sessions().find(old.id).value().has_value());
}

TEST_P(SessionsContract, RemembersWhenItWasSeen) {
    const auto account = add_account("a@example.org");
    ASSERT_TRUE(sessions().create(make_session(account.id, "ses_1"), 10).has_value());
    ASSERT_TRUE(sessions().touch(ports::SessionId("ses_1"), now_ + seconds(7)).has_value());
    EXPECT_EQ(sessions().find(ports::SessionId("ses_1")).value()->last_seen_at, now_ + seconds(7));
    EXPECT_TRUE(sessions().touch(ports::SessionId("ses_none"), now_).has_value());
}

TEST_P(SessionsContract, EndsOnlyWhatBelongsToTheAccount) {
    const auto mine = add_account("a@example.org");
    const auto other = add_account("b@example.org");
    ASSERT_TRUE(sessions().create(make_session(mine.id, "ses_1"), 10).has_value());
    ASSERT_TRUE(sessions().create(make_session(mine.id, "ses_2"), 10).has_value());
    ASSERT_TRUE(sessions().create(make_session(other.id, "ses_3"), 10).has_value());
    EXPECT_FALSE(sessions().end(other.id, ports::SessionId("ses_1")).value());
    EXPECT_TRUE(sessions().end(mine.id, ports::SessionId("ses_1")).value());
    EXPECT_FALSE(sessions().end(mine.id, ports::SessionId("ses_1")).value());
    EXPECT_EQ(sessions().end_all(mine.id, ports::SessionId("ses_2")).value(), 0U);
    EXPECT_EQ(sessions().end_all(mine.id, std::nullopt).value(), 1U);
    EXPECT_EQ(sessions().list(other.id, now_).value().size(), 1U);
}

class InvitationsContract : public StorageContract {
protected:
    ports::Invitations& invitations() { return storage().invitations(); }

    ports::Invitation make_invitation(const std::string& id) const {
        return {.id = ports::InvitationId(id),
                .kind = ports::InvitationKind::registration,
                .email = "guest@example.org",
                .role = ports::Role::admin,
                .account_id = {},
                .created_by = base::AccountId("acc_1"),
                .created_at = now_,
                .expires_at = now_ + hours(24)};
    }
};

TEST_P(InvitationsContract, IsFoundByItsTokenAlone) {
    const auto invitation = make_invitation("inv_1");
    ASSERT_TRUE(invitations().create(invitation, base::sha256("token")).has_value());
    EXPECT_EQ(invitations().find_by_token(base::sha256("token")).value(), invitation);
    EXPECT_FALSE(invitations().find_by_token(base::sha256("Token")).value().has_value());
    EXPECT_EQ(invitations().create(make_invitation("inv_2"), base::sha256("token")).error().code,
              base::ErrorCode::already_exists);
    EXPECT_EQ(invitations().create(invitation, base::sha256("other")).error().code,
              base::ErrorCode::already_exists);
}

TEST_P(InvitationsContract, IsUsedOnceAndInTime) {
    const auto invitation = make_invitation("inv_1");
    const base::AccountId guest("acc_2");
    ASSERT_TRUE(invitations().create(invitation, base::sha256("token")).has_value());
    EXPECT_FALSE(invitations().claim(invitation.id, guest, invitation.expires_at).value());
    EXPECT_FALSE(invitations().claim(ports::InvitationId("inv_none"), guest, now_).value());
    EXPECT_TRUE(invitations().claim(invitation.id, guest, now_ + seconds(5)).value());
    EXPECT_FALSE(invitations().claim(invitation.id, guest, now_ + seconds(6)).value());
    const auto used = invitations().find_by_token(base::sha256("token")).value();
    EXPECT_EQ(used->used_at, now_ + seconds(5));
    EXPECT_EQ(used->account_id, guest);
    EXPECT_FALSE(invitations().remove(invitation.id).value());
    ASSERT_TRUE(invitations().release(invitation.id).has_value());
    EXPECT_TRUE(invitations().claim(invitation.id, guest, now_ + seconds(7)).value());
}

TEST_P(InvitationsContract, ListsAKindNewestFirstAndCanBeWithdrawn) {
    auto reset = make_invitation("inv_reset");
    reset.kind = ports::InvitationKind::password_reset;
    auto older = make_invitation("inv_older");
    older.created_at -= hours(1);
    ASSERT_TRUE(invitations().create(reset, base::sha256("1")).has_value());
    ASSERT_TRUE(invitations().create(older, base::sha256("2")).has_value());
    ASSERT_TRUE(invitations().create(make_invitation("inv_new"), base::sha256("3")).has_value());
    const auto listed = invitations().list(ports::InvitationKind::registration).value();
    EXPECT_EQ(listed, (std::vector{make_invitation("inv_new"), older}));
    EXPECT_TRUE(invitations().remove(older.id).value());
    EXPECT_FALSE(invitations().remove(older.id).value());
    EXPECT_FALSE(invitations().find_by_token(base::sha256("2")).value().has_value());
}

class AttemptsContract : public StorageContract {
protected:
    ports::Attempts& attempts() { return storage().attempts(); }
    void fail_with(const std::vector<std::string>& subjects, base::WallTime at) {
        ASSERT_TRUE(attempts().add(subjects, at).has_value());
    }
};

TEST_P(AttemptsContract, CountsEachSubjectSinceATime) {
    fail_with({"account", "address"}, now_);
    fail_with({"account"}, now_ + seconds(1));
    EXPECT_EQ(attempts().count("account", now_).value(), 2U);
    EXPECT_EQ(attempts().count("account", now_ + seconds(1)).value(), 1U);
    EXPECT_EQ(attempts().count("address", now_).value(), 1U);
    EXPECT_EQ(attempts().count("accoun", now_).value(), 0U);
}

TEST_P(AttemptsContract, ForgetsOnDemandAndAfterADay) {
    fail_with({"a", "b"}, now_);
    ASSERT_TRUE(attempts().forget("a").has_value());
    EXPECT_EQ(attempts().count("a", now_).value(), 0U);
    EXPECT_EQ(attempts().count("b", now_).value(), 1U);
    fail_with({"c"}, now_ + hours(25));
    EXPECT_EQ(attempts().count("b", now_).value(), 0U);
}

class AuditLogContract : public StorageContract {
protected:
    ports::AuditLog& log() { return storage().audit_log(); }

    void append(const std::string& action, const std::string& target, int second = 0) {
        const ports::AuditEntry entry{.id = 99,
                                      .at = now_ + seconds(second),
                                      .actor_id = base::AccountId("acc_1"),
                                      .actor = "a@example.org",
                                      .action = action,
                                      .target = target,
                                      .address = "192.0.2.1",
                                      .details = R"({"name":"Zoë 'x'"})"};
        ASSERT_TRUE(log().append(entry).has_value());
    }

    std::vector<std::string> actions(const ports::AuditFilter& filter) {
        std::vector<std::string> found;
        for (const auto& entry : log().list(filter).value().entries) found.push_back(entry.action);
        return found;
    }
};

TEST_P(AuditLogContract, KeepsWhatWasWrittenNewestFirst) {
    append("key.create", "key_1");
    append("key.revoke", "key_1", 1);
    const auto page = log().list({}).value();
    ASSERT_EQ(page.entries.size(), 2U);
    EXPECT_FALSE(page.next.has_value());
    const ports::AuditEntry& last = page.entries.front();
    EXPECT_EQ(last.action, "key.revoke");
    EXPECT_EQ(last.at, now_ + seconds(1));
    EXPECT_EQ(last.actor_id, base::AccountId("acc_1"));
    EXPECT_EQ(last.actor, "a@example.org");
    EXPECT_EQ(last.target, "key_1");
    EXPECT_EQ(last.address, "192.0.2.1");
    EXPECT_EQ(last.details, R"({"name":"Zoë 'x'"})");
    EXPECT_GT(last.id, page.entries.back().id);
}

TEST_P(AuditLogContract, FiltersByWhoWhatAndWhen) {
    append("key.create", "key_1");
    append("keyring", "key_2", 1);
    append("user.disable", "acc_2", 2);
    EXPECT_EQ(actions({.action = "key."}), std::vector<std::string>{"key.create"});
    EXPECT_EQ(actions({.action = "key%"}), std::vector<std::string>{});
    EXPECT_EQ(actions({.target = "acc_2"}), std::vector<std::string>{"user.disable"});
    EXPECT_EQ(actions({.actor_id = base::AccountId("acc_2")}), std::vector<std::string>{});
    EXPECT_EQ(actions({.actor_id = base::AccountId("acc_1")}).size(), 3U);
    EXPECT_EQ(actions({.from = now_ + seconds(1), .until = now_ + seconds(2)}),
              std::vector<std::string>{"keyring"});
}

TEST_P(AuditLogContract, GivesPages) {
    for (int each = 0; each < 5; ++each) append("a" + std::to_string(each), "");
    std::vector<std::string> seen;
    ports::AuditFilter filter{.limit = 2};
    for (int page = 0; page < 3; ++page) {
        const auto found = log().list(filter).value();
        for (const auto& entry : found.entries) seen.push_back(entry.action);
        EXPECT_EQ(found.next.has_value(), page < 2);
        filter.after = found.next;
    }
    EXPECT_EQ(seen, (std::vector<std::string>{"a4", "a3", "a2", "a1", "a0"}));
}

class AccountPagesContract : public StorageContract {};

TEST_P(AccountPagesContract, SearchesAndPagesNewestFirst) {
    for (const char* email : {"ada@example.org", "bob@example.org", "ADAM@example.org"}) add_account(email);
    auto& accounts = storage().accounts();
    const auto found = accounts.page({.search = "Ada"}).value();
    ASSERT_EQ(found.accounts.size(), 2U);
    EXPECT_EQ(found.accounts[0].email, "ADAM@example.org");
    EXPECT_EQ(accounts.page({.search = "%"}).value().accounts.size(), 0U);
    EXPECT_EQ(accounts.page({.search = "someone"}).value().accounts.size(), 3U);
    const auto first = accounts.page({.limit = 2}).value();
    ASSERT_TRUE(first.next.has_value());
    const auto second = accounts.page({.after = first.next, .limit = 2}).value();
    ASSERT_EQ(second.accounts.size(), 1U);
    EXPECT_EQ(second.accounts[0].email, "ada@example.org");
    EXPECT_FALSE(second.next.has_value());
}

TEST_P(AccountPagesContract, TheFirstWhoCanSignInIsAdmin) {
    auto& accounts = storage().accounts();
    const auto create = [&](const std::string& email, const std::string& hash) {
        ports::Account account{
            .id = base::new_account_id(), .email = email, .password_hash = hash, .created_at = now_};
        return accounts.create_first_as_admin(account).value();
    };
    EXPECT_EQ(create("owner@localhost", ""), ports::Role::admin);
    EXPECT_EQ(create("script@localhost", ""), ports::Role::member);
    EXPECT_TRUE(accounts.page({.only_who_can_sign_in = true}).value().accounts.empty());
    EXPECT_EQ(create("a@example.org", "hash"), ports::Role::admin);
    EXPECT_EQ(create("b@example.org", "hash"), ports::Role::member);
    EXPECT_EQ(accounts.page({.only_who_can_sign_in = true}).value().accounts.size(), 2U);
}

TEST_P(AccountPagesContract, TheLastAdminStaysIfTheChangeAsksForIt) {
    auto& accounts = storage().accounts();
    const auto first = add_account("a@example.org", ports::Role::admin);
    ports::AccountPatch demote{.role = ports::Role::member, .keep_an_admin = true};
    EXPECT_EQ(accounts.update(first.id, demote).error().code, base::ErrorCode::conflict);
    ports::AccountPatch disable{.disabled = true, .keep_an_admin = true};
    EXPECT_EQ(accounts.update(first.id, disable).error().code, base::ErrorCode::conflict);
    EXPECT_TRUE(accounts.update(first.id, {.name = "New", .keep_an_admin = true}).has_value());
    const auto second = add_account("b@example.org", ports::Role::admin);
    EXPECT_TRUE(accounts.update(first.id, disable).has_value());
    EXPECT_EQ(accounts.update(second.id, demote).error().code, base::ErrorCode::conflict);
    EXPECT_TRUE(accounts.update(second.id, {.role = ports::Role::member}).has_value());
}

class KeyPagesContract : public StorageContract {
protected:
    void add_key(const std::string& name, const std::string& prefix, domain::KeyState state,
                 std::optional<base::WallTime> expires = std::nullopt) {
        domain::ApiKey key;
        key.id = base::new_key_id();
        key.account_id = account_;
        key.name = name;
        key.prefix = prefix;
        key.suffix = "wxyz";
        key.state = state;
        key.expires_at = expires;
        key.created_at = now_;
        ASSERT_TRUE(storage().keys().create(key, base::sha256(name)).has_value());
    }

    void SetUp() override {
        StorageContract::SetUp();
        account_ = add_account("a@example.org").id;
        add_key("Alpha", "sk-aaaa", domain::KeyState::active);
        add_key("beta", "sk-bbbb", domain::KeyState::active, now_ - seconds(1));
        add_key("gamma alpha", "sk-cccc", domain::KeyState::disabled, now_ - seconds(1));
        add_key("100%", "sk-dddd", domain::KeyState::revoked);
    }

    std::vector<std::string> names(ports::KeyFilter filter) {
        filter.now = now_;
        std::vector<std::string> found;
        for (const auto& key : storage().keys().list(filter).value().keys) found.push_back(key.name);
        std::ranges::sort(found);
        return found;
    }

private:
    base::AccountId account_;
};

TEST_P(KeyPagesContract, SearchesByNameAndByTheBeginningOfTheSecret) {
    using Names = std::vector<std::string>;
    EXPECT_EQ(names({.search = "ALPHA"}), (Names{"Alpha", "gamma alpha"}));
    EXPECT_EQ(names({.search = "sk-b"}), Names{"beta"});
    EXPECT_EQ(names({.search = "sk-bbbb0123456789"}), Names{"beta"});
    EXPECT_EQ(names({.search = "%"}), Names{"100%"});
    EXPECT_EQ(names({.search = "_"}), Names{});
    EXPECT_EQ(names({}).size(), 4U);
}

TEST_P(KeyPagesContract, KnowsTheStateThatACallerMeets) {
    using Names = std::vector<std::string>;
    using ports::KeyStanding;
    EXPECT_EQ(names({.standing = KeyStanding::active}), Names{"Alpha"});
    EXPECT_EQ(names({.standing = KeyStanding::expired}), Names{"beta"});
    EXPECT_EQ(names({.standing = KeyStanding::disabled}), Names{"gamma alpha"});
    EXPECT_EQ(names({.standing = KeyStanding::revoked}), Names{"100%"});
}

} // namespace tollgate::testing
