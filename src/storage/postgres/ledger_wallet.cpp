#include "storage/postgres/ledger_wallet.hpp"

#include "storage/postgres/ledger.hpp"
#include "tollgate/domain/purse.hpp"

#include <algorithm>

namespace tollgate::storage::postgres {

namespace {

using base::ErrorCode;
using domain::LotState;

using LotsOfAccounts = std::map<base::AccountId, std::vector<LotState>>;

LotState read_lot(const Rows& row, int first) {
    return {.sequence = row.integer(first),
            .amount = row.money(first + 1),
            .consumed = row.money(first + 2),
            .expires_at = row.optional_time(first + 3)};
}

LotsOfAccounts open_lots(Connection& connection, const ArrayText& accounts) {
    auto rows = connection.query(
        "SELECT account_id, sequence, amount_micros, consumed_micros, expires_at FROM wallet_lots "
        "WHERE account_id = ANY ($1::text[]) AND consumed_micros < amount_micros "
        "ORDER BY account_id, sequence",
        accounts);
    LotsOfAccounts lots;
    while (rows.step()) lots[base::AccountId(rows.text(0))].push_back(read_lot(rows, 1));
    return lots;
}

std::vector<LotState> every_lot(Connection& connection, const base::AccountId& account) {
    auto rows = connection.query("SELECT sequence, amount_micros, consumed_micros, expires_at "
                                 "FROM wallet_lots WHERE account_id = $1 ORDER BY sequence",
                                 account);
    std::vector<LotState> lots;
    while (rows.step()) lots.push_back(read_lot(rows, 0));
    return lots;
}

/// What a batch changes in lots and debts, as rows to write.
struct WalletRows {
    Columns lots{};
    Columns debts{};

    void charge(const base::AccountId& account, std::vector<LotState>& states,
                std::span<const domain::WalletCharge> charges) {
        const auto before = states;
        for (const domain::WalletCharge& charge : charges) {
            if (charge.cost.is_negative()) continue; // given back already
            const base::Money uncovered = domain::consume(states, charge.cost, charge.started_at);
            if (uncovered.is_zero()) continue;
            // A call within its bound was let through by the quota although no lot covered it: that promise
            // broke. A later correction promised nothing.
            const bool is_broken = charge.kind == domain::ChargeKind::call && charge.cost <= charge.bound;
            debts.add_row(charge.request_id, account, uncovered, is_broken ? 1 : 0, charge.started_at);
        }
        change(before, states);
    }

    void change(std::span<const LotState> before, std::span<const LotState> after) {
        for (std::size_t index = 0; index < after.size(); ++index) {
            if (after[index] != before[index]) lots.add_row(after[index].sequence, after[index].consumed);
        }
    }

    void store(Connection& connection) const {
        if (!lots.empty()) {
            connection.query("UPDATE wallet_lots AS lot SET consumed_micros = batch.consumed "
                             "FROM unnest($1::bigint[], $2::bigint[]) AS batch (sequence, consumed) "
                             "WHERE lot.sequence = batch.sequence",
                             lots);
        }
        if (!debts.empty()) {
            connection.query("INSERT INTO wallet_debts AS t (request_id, account_id, amount_micros, broken, "
                             "started_at) SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], "
                             "$4::smallint[], $5::bigint[]) ON CONFLICT (request_id) DO UPDATE SET "
                             "amount_micros = t.amount_micros + EXCLUDED.amount_micros",
                             debts);
        }
    }
};

/// Pays what is owed with the money, oldest debt first; answers what is left of it.
base::Money pay_debts(Connection& connection, const base::AccountId& account, base::Money money) {
    auto owed = connection.query("SELECT request_id, amount_micros - paid_micros FROM wallet_debts "
                                 "WHERE account_id = $1 AND paid_micros < amount_micros "
                                 "ORDER BY started_at, request_id",
                                 account);
    while (owed.step()) {
        const base::Money part = std::min(owed.money(1), money);
        if (part.is_zero()) break;
        money -= part;
        connection.query(
            "UPDATE wallet_debts SET paid_micros = paid_micros + $2::bigint WHERE request_id = $1",
            owed.text(0), part);
    }
    return money;
}

/// What calls cost less than they were charged.
base::Result<void> refund(Connection& connection, const base::AccountId& account, base::Money money) {
    if (!money.is_zero()) money = pay_debts(connection, account, money);
    if (money.is_zero()) return {};
    auto lots = every_lot(connection, account);
    const auto before = lots;
    const base::Money homeless = domain::give_back(lots, money);
    if (!homeless.is_zero()) {
        return base::fail(ErrorCode::conflict, base::ErrorSource::storage,
                          "the lots of account " + account.text() +
                              " were charged less than is to be given back: run 'tollgate ledger verify'");
    }
    WalletRows rows;
    rows.change(before, lots);
    rows.store(connection);
    return {};
}

base::Money refunded_of(std::span<const domain::WalletCharge> charges) {
    base::Money refunded;
    for (const domain::WalletCharge& charge : charges) {
        if (charge.cost.is_negative()) refunded -= charge.cost;
    }
    return refunded;
}

base::Result<void> check_lot(const ports::Lot& lot) {
    if (lot.id.empty()) return base::reject(ErrorCode::invalid_field, "a lot needs an id", "id");
    if (lot.amount <= base::Money()) {
        return base::reject(ErrorCode::invalid_field, "the amount must be more than zero", "amount");
    }
    if (lot.expires_at && *lot.expires_at <= lot.added_at) {
        return base::reject(ErrorCode::invalid_field, "the expiry must be in the future", "expires_at");
    }
    return {};
}

bool exists(Connection& connection, std::string_view sql, const std::string& id) {
    return connection.query(sql, id).step();
}

/// The lock under which lots and debts of an account change.
void lock_wallet(Connection& connection, const base::AccountId& account) {
    connection.query("INSERT INTO wallets (account_id, spent_micros) VALUES ($1, 0) ON CONFLICT DO NOTHING",
                     account);
    connection.query("SELECT 1 FROM wallets WHERE account_id = $1 FOR UPDATE", account);
}

base::Result<void> insert_lot(Connection& connection, const ports::Lot& lot) {
    if (!exists(connection, "SELECT 1 FROM accounts WHERE id = $1", lot.account_id.text())) {
        return base::reject(ErrorCode::not_found, "there is no account " + lot.account_id.text());
    }
    lock_wallet(connection, lot.account_id);
    auto inserted = connection.query(
        "INSERT INTO wallet_lots (id, account_id, amount_micros, added_at, expires_at, note) "
        "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING RETURNING sequence",
        lot.id, lot.account_id, lot.amount, lot.added_at, lot.expires_at, lot.note);
    if (!inserted.step()) {
        return base::reject(ErrorCode::already_exists, "lot " + lot.id.text() + " was added before", "id");
    }
    LotState state{.sequence = inserted.integer(0), .amount = lot.amount, .expires_at = lot.expires_at};
    state.consumed = lot.amount - pay_debts(connection, lot.account_id, lot.amount);
    if (state.consumed.is_zero()) return {};
    connection.query("UPDATE wallet_lots SET consumed_micros = $2 WHERE sequence = $1", state.sequence,
                     state.consumed);
    return {};
}

} // namespace

base::Result<std::vector<domain::PurseTotal>> charge_wallets(Connection& connection,
                                                             const domain::LedgerBatch& batch) {
    std::vector<domain::PurseTotal> totals;
    if (batch.wallets.empty()) return totals;
    Columns charged;
    ArrayText accounts;
    for (const auto& [account, charges] : batch.wallets) {
        base::Money sum;
        for (const domain::WalletCharge& charge : charges) sum += charge.cost;
        charged.add_row(account, sum);
        accounts.add(account);
    }
    // First, because the row is the lock of the account's lots and debts.
    auto wallets = connection.query(
        "INSERT INTO wallets AS w (account_id, spent_micros) SELECT * FROM unnest($1::text[], $2::bigint[]) "
        "ON CONFLICT (account_id) DO UPDATE SET spent_micros = w.spent_micros + EXCLUDED.spent_micros "
        "RETURNING account_id, spent_micros",
        charged);
    while (wallets.step()) {
        totals.push_back(
            {.name = domain::wallet_purse_name(base::AccountId(wallets.text(0))), .spent = wallets.money(1)});
    }
    for (const auto& [account, charges] : batch.wallets) {
        const auto given = refund(connection, account, refunded_of(charges));
        if (!given) return base::fail(given.error());
    }
    auto lots = open_lots(connection, accounts);
    WalletRows rows;
    for (const auto& [account, charges] : batch.wallets) rows.charge(account, lots[account], charges);
    rows.store(connection);
    return totals;
}

base::Result<void> PostgresLedger::add_lot(const ports::Lot& lot) {
    if (auto checked = check_lot(lot); !checked) return checked;
    return database_.write([&lot](Connection& connection) { return insert_lot(connection, lot); });
}

base::Result<std::vector<ports::Lot>> PostgresLedger::lots(const base::AccountId& account_id) {
    return database_.look_up([&account_id](Connection& connection) -> base::Result<std::vector<ports::Lot>> {
        auto rows = connection.query("SELECT id, amount_micros, consumed_micros, added_at, expires_at, note "
                                     "FROM wallet_lots WHERE account_id = $1 ORDER BY sequence",
                                     account_id);
        std::vector<ports::Lot> lots;
        while (rows.step()) {
            lots.push_back({.id = ports::LotId(rows.text(0)),
                            .account_id = account_id,
                            .amount = rows.money(1),
                            .consumed = rows.money(2),
                            .added_at = rows.time(3),
                            .expires_at = rows.optional_time(4),
                            .note = rows.text(5)});
        }
        return lots;
    });
}

base::Result<domain::Wallet> PostgresLedger::wallet(const base::AccountId& account_id, base::WallTime now) {
    return database_.read([&](Connection& connection) -> base::Result<domain::Wallet> {
        auto debt = connection.query("SELECT coalesce(sum(amount_micros - paid_micros), 0) "
                                     "FROM wallet_debts WHERE account_id = $1",
                                     account_id);
        debt.step();
        return domain::wallet_of(every_lot(connection, account_id), debt.money(0), now);
    });
}

} // namespace tollgate::storage::postgres
