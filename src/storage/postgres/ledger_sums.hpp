// What a batch adds to the sums, one statement for each table, rows in one order everywhere, so that two
// nodes that count at once wait for each other instead of deadlocking. Called inside a write transaction.
#pragma once

#include "storage/postgres/connection.hpp"
#include "tollgate/base/error.hpp"
#include "tollgate/domain/ledger_batch.hpp"
#include "tollgate/domain/quota.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::storage::postgres {

/// A column of a batch: its name and the type of its array's elements.
struct Column {
    std::string_view name{};
    std::string_view type{};
};

/// INSERT INTO table AS t (…) SELECT * FROM unnest($1::text[], …)
std::string insert_sql(std::string_view table, std::span<const Column> columns);

/// Answers the new totals of the purses. Error: conflict (a wallet's lots were never charged what a
/// correction gives back).
base::Result<std::vector<domain::PurseTotal>> add_sums(Connection& connection,
                                                       const domain::LedgerBatch& batch);

} // namespace tollgate::storage::postgres
