#include "storage/sqlite/ledger_wallet.hpp"

#include "storage/sqlite/ledger.hpp"
#include "tollgate/domain/purse.hpp"

#include <algorithm>

namespace tollgate::storage::sqlite {

namespace {

using base::ErrorCode;
using domain::LotState;

enum class Lots { open, all };

std::vector<LotState> load_lots(Connection& connection, const base::AccountId& account, Lots which) {
    auto query = connection.query(
        which == Lots::open ? "SELECT sequence, amount_micros, consumed_micros, expires_at FROM wallet_lots "
                              "WHERE account_id = ?1 AND consumed_micros < amount_micros ORDER BY sequence"
                            : "SELECT sequence, amount_micros, consumed_micros, expires_at FROM wallet_lots "
                              "WHERE account_id = ?1 ORDER BY sequence");
    query.bind(account);
    std::vector<LotState> lots;
    while (query.step()) {
        lots.push_back({.sequence = query.integer(0),
                        .amount = query.money(1),
                        .consumed = query.money(2),
                        .expires_at = query.optional_time(3)});
    }
    return lots;
}

void store_consumed(Connection& connection, const LotState& lot) {
    connection.query("UPDATE wallet_lots SET consumed_micros = ?2 WHERE sequence = ?1")
        .bind(lot.sequence, lot.consumed)
        .run();
}

void store_changes(Connection& connection, std::span<const LotState> before,
                   std::span<const LotState> after) {
    for (std::size_t index = 0; index < after.size(); ++index) {
        if (after[index] != before[index]) store_consumed(connection, after[index]);
    }
}

void add_debt(Connection& connection, const base::AccountId& account, const domain::WalletCharge& charge,
              base::Money amount) {
    // A call within its bound was let through by the quota although no lot covered it: that promise broke. A
    // later correction promised nothing.
    const bool is_broken = charge.kind == domain::ChargeKind::call && charge.cost <= charge.bound;
    connection
        .query("INSERT INTO wallet_debts (request_id, account_id, amount_micros, broken, started_at) "
               "VALUES (?1, ?2, ?3, ?4, ?5) "
               "ON CONFLICT (request_id) DO UPDATE SET amount_micros = amount_micros + ?3")
        .bind(charge.request_id, account, amount, is_broken ? 1 : 0, charge.started_at)
        .run();
}

/// Pays what is owed with the money, oldest debt first; answers what is left of it.
base::Money pay_debts(Connection& connection, const base::AccountId& account, base::Money money) {
    struct Debt {
        std::string request_id{};
        base::Money owed{};
    };
    std::vector<Debt> debts;
    {
        auto query = connection.query("SELECT request_id, amount_micros - paid_micros FROM wallet_debts "
                                      "WHERE account_id = ?1 AND paid_micros < amount_micros "
                                      "ORDER BY started_at, request_id");
        query.bind(account);
        while (query.step()) debts.push_back({.request_id = query.text(0), .owed = query.money(1)});
    }
    for (const Debt& debt : debts) {
        const base::Money part = std::min(debt.owed, money);
        if (part.is_zero()) break;
        money -= part;
        connection.query("UPDATE wallet_debts SET paid_micros = paid_micros + ?2 WHERE request_id = ?1")
            .bind(debt.request_id, part)
            .run();
    }
    return money;
}

/// What calls cost less than they were charged.
base::Result<void> refund(Connection& connection, const base::AccountId& account, base::Money money) {
    money = pay_debts(connection, account, money);
    if (money.is_zero()) return {};
    auto lots = load_lots(connection, account, Lots::all);
    const auto before = lots;
    const base::Money homeless = domain::give_back(lots, money);
    if (!homeless.is_zero()) {
        return base::fail(base::ErrorCode::conflict, base::ErrorSource::storage,
                          "the lots of account " + account.text() +
                              " were charged less than is to be given back: run 'tollgate ledger verify'");
    }
    store_changes(connection, before, lots);
    return {};
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
    auto query = connection.query(sql);
    return query.bind(id).step();
}

base::Result<void> insert_lot(Connection& connection, const ports::Lot& lot) {
    if (!exists(connection, "SELECT 1 FROM accounts WHERE id = ?1", lot.account_id.text())) {
        return base::reject(ErrorCode::not_found, "there is no account " + lot.account_id.text());
    }
    if (exists(connection, "SELECT 1 FROM wallet_lots WHERE id = ?1", lot.id.text())) {
        return base::reject(ErrorCode::already_exists, "lot " + lot.id.text() + " was added before", "id");
    }
    connection
        .query("INSERT INTO wallet_lots (id, account_id, amount_micros, added_at, expires_at, note) "
               "VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
        .bind(lot.id, lot.account_id, lot.amount, lot.added_at, lot.expires_at, lot.note)
        .run();
    LotState state{.sequence = connection.last_rowid(), .amount = lot.amount, .expires_at = lot.expires_at};
    state.consumed = lot.amount - pay_debts(connection, lot.account_id, lot.amount);
    if (!state.consumed.is_zero()) store_consumed(connection, state);
    return {};
}

} // namespace

base::Result<domain::PurseTotal> charge_wallet(Connection& connection, const base::AccountId& account,
                                               std::span<const domain::WalletCharge> charges) {
    base::Money refunded;
    for (const domain::WalletCharge& charge : charges) {
        if (charge.cost.is_negative()) refunded -= charge.cost;
    }
    if (const auto given = refund(connection, account, refunded); !given) return base::fail(given.error());
    auto lots = load_lots(connection, account, Lots::open);
    const auto before = lots;
    base::Money charged;
    for (const domain::WalletCharge& charge : charges) {
        if (charge.cost.is_negative()) continue;
        charged += charge.cost;
        const base::Money uncovered = domain::consume(lots, charge.cost, charge.started_at);
        if (!uncovered.is_zero()) add_debt(connection, account, charge, uncovered);
    }
    store_changes(connection, before, lots);
    auto query = connection.query("INSERT INTO wallets (account_id, spent_micros) VALUES (?1, ?2) "
                                  "ON CONFLICT (account_id) DO UPDATE SET spent_micros = spent_micros + ?2 "
                                  "RETURNING spent_micros");
    query.bind(account, charged - refunded).step();
    return domain::PurseTotal{.name = domain::wallet_purse_name(account), .spent = query.money(0)};
}

base::Result<void> SqliteLedger::add_lot(const ports::Lot& lot) {
    if (auto checked = check_lot(lot); !checked) return checked;
    return database_.write([&lot](Connection& connection) { return insert_lot(connection, lot); });
}

base::Result<std::vector<ports::Lot>> SqliteLedger::lots(const base::AccountId& account_id) {
    return database_.read([&account_id](Connection& connection) -> base::Result<std::vector<ports::Lot>> {
        auto query = connection.query("SELECT id, amount_micros, consumed_micros, added_at, expires_at, note "
                                      "FROM wallet_lots WHERE account_id = ?1 ORDER BY sequence");
        query.bind(account_id);
        std::vector<ports::Lot> lots;
        while (query.step()) {
            lots.push_back({.id = ports::LotId(query.text(0)),
                            .account_id = account_id,
                            .amount = query.money(1),
                            .consumed = query.money(2),
                            .added_at = query.time(3),
                            .expires_at = query.optional_time(4),
                            .note = query.text(5)});
        }
        return lots;
    });
}

base::Result<domain::Wallet> SqliteLedger::wallet(const base::AccountId& account_id, base::WallTime now) {
    return database_.read([&](Connection& connection) -> base::Result<domain::Wallet> {
        auto query = connection.query("SELECT coalesce(sum(amount_micros - paid_micros), 0) "
                                      "FROM wallet_debts WHERE account_id = ?1");
        query.bind(account_id).step();
        return domain::wallet_of(load_lots(connection, account_id, Lots::all), query.money(0), now);
    });
}

} // namespace tollgate::storage::sqlite
