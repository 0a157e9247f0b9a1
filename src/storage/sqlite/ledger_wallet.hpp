// The wallets' rows in SQLite: lots, debts and what was charged. Called inside a write transaction.
#pragma once

#include "storage/sqlite/connection.hpp"
#include "tollgate/base/error.hpp"
#include "tollgate/domain/ledger_batch.hpp"
#include "tollgate/domain/quota.hpp"

#include <span>

namespace tollgate::storage::sqlite {

/// Gives back what corrections lower: to debts, then to the lots that were consumed last. Then takes the
/// other charges from the account's lots, oldest first; what they do not cover becomes a debt. Answers the
/// wallet's new total. Error: conflict (the lots were never charged what is to be given back).
base::Result<domain::PurseTotal> charge_wallet(Connection& connection, const base::AccountId& account,
                                               std::span<const domain::WalletCharge> charges);

} // namespace tollgate::storage::sqlite
