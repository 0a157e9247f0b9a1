// What PostgreSQL or the way to it did wrong, sorted by what is to be done (docs/operating.md has the table).
// Pure functions over exceptions of libpqxx; any thread.
#pragma once

#include "tollgate/base/error.hpp"

#include <exception>
#include <string>
#include <string_view>

namespace tollgate::storage::postgres {

enum class FaultKind {
    collision, // 40001, 40P01: the same transaction again
    broken,    // the connection is gone: another one
    standby,   // 25006: the server is read-only, look for the primary
    crowded,   // 53300: no connection to be had, ours may come free
    final,     // again would fail again
};

struct Fault {
    FaultKind kind = FaultKind::final;
    base::Error error{};
};

/// Of an exception that came out of a statement.
Fault fault_of(const std::exception& thrown);

/// Of a failed attempt to connect; libpq answers text alone. `message` never holds the password.
Fault connect_fault(std::string_view message, const std::string& display);

/// storage_unavailable, to be tried again.
base::Error unavailable(std::string message);

} // namespace tollgate::storage::postgres
