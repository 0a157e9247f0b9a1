#include "contract/ledger_contract.hpp"
#include "contract/ledger_correction_contract.hpp"
#include "contract/ledger_proof_contract.hpp"
#include "contract/postgres/target.hpp"

#include <pqxx/connection>
#include <pqxx/nontransaction>
#include <stdexcept>

namespace tollgate::testing {

namespace {

class PostgresBooks final : public Books {
public:
    explicit PostgresBooks(Way way) : storage_(open_storage(name_, way)) {}
    ports::Ledger& ledger() override { return storage_->ledger(); }

    void tamper(const std::string& sql) override {
        pqxx::connection connection(PostgresServer::shared().url(name_));
        pqxx::nontransaction work(connection);
        if (work.exec(sql).affected_rows() == 0) throw std::runtime_error("changed nothing: " + sql);
    }

    void add_account(const base::AccountId& id) override {
        tamper("INSERT INTO accounts (id, email, name, role, created_at) VALUES ('" + id.text() + "', '" +
               id.text() + "@example.org', 'name', 'member', 0)");
    }

private:
    std::string name_ = fresh_database();
    std::unique_ptr<storage::PostgresStorage> storage_;
};

template <Way way>
std::unique_ptr<Books> open_books() {
    return std::make_unique<PostgresBooks>(way);
}

const BooksFactory factories[] = {{.name = "direct", .open = open_books<Way::direct>},
                                  {.name = "pooled", .open = open_books<Way::pooled>}};

} // namespace

INSTANTIATE_TEST_SUITE_P(Postgres, LedgerContract, ::testing::ValuesIn(factories), books_name);
INSTANTIATE_TEST_SUITE_P(Postgres, LedgerCorrectionContract, ::testing::ValuesIn(factories), books_name);
INSTANTIATE_TEST_SUITE_P(Postgres, LedgerProofContract, ::testing::ValuesIn(factories), books_name);

} // namespace tollgate::testing
