#include "contract/ledger_contract.hpp"
#include "contract/ledger_correction_contract.hpp"
#include "contract/ledger_proof_contract.hpp"
#include "storage/sqlite/ledger.hpp"
#include "support/temporary_directory.hpp"

#include <stdexcept>

namespace tollgate::testing {

namespace {

using storage::sqlite::Connection;
using storage::sqlite::Database;

class SqliteBooks final : public Books {
public:
    ports::Ledger& ledger() override { return ledger_; }

    void tamper(const std::string& sql) override {
        const auto changed = database_->write([&sql](Connection& connection) -> base::Result<std::int64_t> {
            // Through the view of events a trigger changes the rows, which only the totals tell.
            const auto total = [&connection] {
                auto changes = connection.query("SELECT total_changes()");
                changes.step();
                return changes.integer(0);
            };
            const std::int64_t before = total();
            connection.query(sql).run();
            return total() - before;
        });
        if (!changed) throw std::runtime_error(changed.error().message);
        if (*changed == 0) throw std::runtime_error("changed nothing: " + sql);
    }

    void add_account(const base::AccountId& id) override {
        tamper("INSERT INTO accounts (id, email, name, role, created_at) VALUES ('" + id.text() + "', '" +
               id.text() + "@example.org', 'name', 'member', 0)");
    }

private:
    TemporaryDirectory directory_;
    std::unique_ptr<Database> database_ =
        Database::open(directory_.path() / "tollgate.db", storage::Migrate::apply).value();
    storage::sqlite::SqliteLedger ledger_{*database_};
};

const BooksFactory sqlite_books{
    .name = "sqlite", .open = []() -> std::unique_ptr<Books> { return std::make_unique<SqliteBooks>(); }};

} // namespace

TEST(SqliteLedger, VerifyTellsOfACallThatWasCountedUnderTwoStarts) {
    SqliteBooks books;
    auto event = event_of("req_1", rupees(2));
    ASSERT_TRUE(books.ledger().append(std::span(&event, 1)).has_value());
    EXPECT_TRUE(books.ledger().verify().value().differences.empty());
    event.started_at += std::chrono::microseconds(1);
    ASSERT_TRUE(books.ledger().append(std::span(&event, 1)).has_value());
    const auto differences = books.ledger().verify().value().differences;
    ASSERT_EQ(differences.size(), 1U);
    EXPECT_EQ(differences[0], "call req_1 was counted more than once");
}

TEST(SqliteLedger, AnEventCorrectedByHandIsReadAsItIsNow) {
    SqliteBooks books;
    auto event = event_of("req_1", rupees(2));
    ASSERT_TRUE(books.ledger().append(std::span(&event, 1)).has_value());
    books.tamper(
        "UPDATE usage_events SET key_id = 'key_9', model = 'other', day = '2026-11-25', status = 418, "
        "output = 1, ended_at = ended_at + 1");
    event.key_id = base::KeyId("key_9");
    event.upstream_model = "other";
    event.day = day_at("2026-11-25");
    event.status = 418;
    event.usage.output = 1;
    event.ended_at += std::chrono::microseconds(1);
    EXPECT_EQ(books.ledger().events({}).value().events, std::vector{event});
    EXPECT_THROW(books.tamper("UPDATE usage_events SET request_id = 'req_2'"), std::runtime_error);
}

INSTANTIATE_TEST_SUITE_P(Adapters, LedgerContract, ::testing::Values(sqlite_books), books_name);
INSTANTIATE_TEST_SUITE_P(Adapters, LedgerCorrectionContract, ::testing::Values(sqlite_books), books_name);
INSTANTIATE_TEST_SUITE_P(Adapters, LedgerProofContract, ::testing::Values(sqlite_books), books_name);

} // namespace tollgate::testing
