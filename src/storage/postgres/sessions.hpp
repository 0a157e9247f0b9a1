// Sessions in PostgreSQL. Owned by PostgresStorage; any thread.
#pragma once

#include "storage/postgres/database.hpp"
#include "tollgate/ports/sessions.hpp"

namespace tollgate::storage::postgres {

class PostgresSessions final : public ports::Sessions {
public:
    explicit PostgresSessions(Database& database) : database_(database) {}

    base::Result<void> create(const ports::Session& session, std::size_t most) override;
    base::Result<std::optional<ports::Session>> find(const ports::SessionId& id) override;
    base::Result<std::vector<ports::Session>> list(const base::AccountId& account_id,
                                                   base::WallTime now) override;
    base::Result<void> touch(const ports::SessionId& id, base::WallTime now) override;
    base::Result<bool> end(const base::AccountId& account_id, const ports::SessionId& id) override;
    base::Result<std::size_t> end_all(const base::AccountId& account_id,
                                      const std::optional<ports::SessionId>& except) override;

private:
    Database& database_;
};

} // namespace tollgate::storage::postgres
