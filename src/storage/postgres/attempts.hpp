// Failed attempts to sign in, in PostgreSQL. Owned by PostgresStorage; any thread.
#pragma once

#include "storage/postgres/database.hpp"
#include "tollgate/ports/attempts.hpp"

namespace tollgate::storage::postgres {

class PostgresAttempts final : public ports::Attempts {
public:
    explicit PostgresAttempts(Database& database) : database_(database) {}

    base::Result<std::uint64_t> count(std::string_view subject, base::WallTime since) override;
    base::Result<void> add(std::span<const std::string> subjects, base::WallTime now) override;
    base::Result<void> forget(std::string_view subject) override;

private:
    Database& database_;
};

} // namespace tollgate::storage::postgres
