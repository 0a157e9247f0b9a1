// The versions of the schema: src/storage/postgres/migrations/NNNN_name.sql, built into the program. An
// applied file never changes; the next change is a new file. Used by Database while it opens.
#pragma once

#include "storage/postgres/connection.hpp"
#include "tollgate/base/error.hpp"
#include "tollgate/storage/migration.hpp"

#include <span>
#include <string>
#include <vector>

namespace tollgate::storage::postgres {

/// Every migration of this program, in order.
std::span<const Migration> known_migrations();

/// The known migrations that the database lacks, in order. Error: storage_unavailable when the database has
/// a version that this program does not know.
base::Result<std::vector<Migration>> pending_migrations(Connection& connection);

/// Applies the first that is pending, within the caller's transaction, and answers its name; empty: there was
/// none. Processes that do it at once wait for each other. Errors: as pending_migrations.
base::Result<std::string> apply_next_migration(Connection& connection);

} // namespace tollgate::storage::postgres
