// Accounts in PostgreSQL. Owned by PostgresStorage; any thread.
#pragma once

#include "storage/postgres/database.hpp"
#include "tollgate/ports/accounts.hpp"

namespace tollgate::storage::postgres {

class PostgresAccounts final : public ports::Accounts {
public:
    explicit PostgresAccounts(Database& database) : database_(database) {}

    base::Result<std::optional<ports::Account>> find(const base::AccountId& id) override;
    base::Result<std::optional<ports::Account>> find_by_email(std::string_view email) override;
    base::Result<std::vector<ports::Account>> list() override;
    base::Result<ports::AccountPage> page(const ports::AccountFilter& filter) override;
    base::Result<void> create(const ports::Account& account) override;
    base::Result<ports::Role> create_first_as_admin(const ports::Account& account) override;
    base::Result<ports::Account> update(const base::AccountId& id, const ports::AccountPatch& patch) override;

private:
    Database& database_;
};

} // namespace tollgate::storage::postgres
