// The versions of the schema: src/storage/sqlite/migrations/NNNN_name.sql, built into the program. An applied
// file never changes; the next change is a new file.
#pragma once

#include "storage/sqlite/connection.hpp"
#include "tollgate/base/error.hpp"
#include "tollgate/storage/migration.hpp"

#include <span>
#include <string>
#include <vector>

namespace tollgate::storage::sqlite {

/// Every migration of this program, in order.
std::span<const Migration> known_migrations();

/// The known migrations that the database lacks, in order. Error: storage_unavailable when the database has
/// a version that this program does not know.
base::Result<std::vector<Migration>> pending_migrations(Connection& connection);

/// Applies what is pending, each in a transaction of its own, and moves events where the next needs it, in
/// several; two processes may do it at once. Answers the
/// names of those it applied. Error: as pending_migrations. Throws SQLite::Exception.
base::Result<std::vector<std::string>> apply_migrations(Connection& connection);

} // namespace tollgate::storage::sqlite
