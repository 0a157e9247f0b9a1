// Carries the events of an older schema into the tables of migrations/0011_calls.sql, some at a time, so that
// the log of the file stays short and a migration that is cut off goes on where it was.
#pragma once

#include "storage/sqlite/connection.hpp"

namespace tollgate::storage::sqlite {

/// The version of the migration that needs all events moved: 0012_events.sql.
inline constexpr std::int64_t version_after_move = 12;

/// Moves some of the oldest, within the transaction of the caller; false: none were left.
bool move_events(Connection& connection);

} // namespace tollgate::storage::sqlite
