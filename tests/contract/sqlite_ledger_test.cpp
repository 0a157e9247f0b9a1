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
            return connection.query(sql).run();
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

INSTANTIATE_TEST_SUITE_P(Adapters, LedgerContract, ::testing::Values(sqlite_books), books_name);
INSTANTIATE_TEST_SUITE_P(Adapters, LedgerCorrectionContract, ::testing::Values(sqlite_books), books_name);
INSTANTIATE_TEST_SUITE_P(Adapters, LedgerProofContract, ::testing::Values(sqlite_books), books_name);

} // namespace tollgate::testing
