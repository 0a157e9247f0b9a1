// The wallets' rows in PostgreSQL: lots, debts and what was charged. Called inside a write transaction.
#pragma once

#include "storage/postgres/connection.hpp"
#include "tollgate/base/error.hpp"
#include "tollgate/domain/ledger_batch.hpp"
#include "tollgate/domain/quota.hpp"

#include <vector>

namespace tollgate::storage::postgres {

/// Gives back what corrections lower: to debts, then to the lots that were consumed last. Then takes the
/// batch's other charges from the accounts' lots, oldest first; what they do not cover becomes a debt.
/// Answers the wallets' new totals. Error: conflict (the lots were never charged what is to be given back).
base::Result<std::vector<domain::PurseTotal>> charge_wallets(Connection& connection,
                                                             const domain::LedgerBatch& batch);

} // namespace tollgate::storage::postgres
