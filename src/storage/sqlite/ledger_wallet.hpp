// The wallets' rows in SQLite: lots, debts and what was charged. Called inside a write transaction.
#pragma once

#include "storage/sqlite/connection.hpp"
#include "tollgate/domain/ledger_batch.hpp"
#include "tollgate/domain/quota.hpp"

#include <span>

namespace tollgate::storage::sqlite {

/// Takes the charges from the account's lots, oldest first; what they do not cover becomes a debt. Answers
/// the wallet's new total.
domain::PurseTotal charge_wallet(Connection& connection, const base::AccountId& account,
                                 std::span<const domain::WalletCharge> charges);

} // namespace tollgate::storage::sqlite
