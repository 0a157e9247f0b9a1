// Adding what a batch of events, or of corrections, comes to. Used within the write work of a Database.
#pragma once

#include "storage/sqlite/connection.hpp"
#include "tollgate/base/error.hpp"
#include "tollgate/domain/ledger_batch.hpp"
#include "tollgate/domain/quota.hpp"

#include <vector>

namespace tollgate::storage::sqlite {

/// Answers the new totals of the purses. Error: conflict (a wallet cannot take back what is given back).
base::Result<std::vector<domain::PurseTotal>> add_sums(Connection& connection,
                                                       const domain::LedgerBatch& batch);

} // namespace tollgate::storage::sqlite
