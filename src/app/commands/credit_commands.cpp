#include "app/audit_command.hpp"
#include "app/commands/commands.hpp"
#include "app/find_by_reference.hpp"
#include "app/open_storage.hpp"
#include "app/table.hpp"
#include "tollgate/base/digest.hpp"
#include "tollgate/domain/period.hpp"

#include <nlohmann/json.hpp>

namespace tollgate::app {

namespace {

struct AddOptions {
    CommonOptions common{};
    std::string user{};
    std::string amount{};
    std::string expires{};
    std::string note{};
    std::string id{};
};

struct ListOptions {
    CommonOptions common{};
    std::string user{};
};

/// What both commands work with.
struct Desk {
    config::Config config{};
    std::unique_ptr<ports::Storage> storage{};
    ports::Account account{};
};

base::Result<Desk> open_desk(const CommonOptions& options, const std::string& user,
                             const Terminal& terminal) {
    Desk desk;
    auto config = load_config(options, terminal);
    if (!config) return base::fail(std::move(config.error()));
    desk.config = std::move(*config);
    auto opened = open_storage(desk.config.storage);
    if (!opened) return base::fail(std::move(opened.error()));
    desk.storage = std::move(*opened);
    auto account = find_account(desk.storage->accounts(), user);
    if (!account) return base::fail(std::move(account.error()));
    desk.account = std::move(*account);
    return desk;
}

nlohmann::ordered_json to_json(const ports::Lot& lot, base::WallTime now) {
    const bool is_expired = lot.expires_at && *lot.expires_at <= now;
    return {{"id", lot.id.text()},
            {"amount", base::to_string(lot.amount)},
            {"consumed", base::to_string(lot.consumed)},
            {"remaining", base::to_string(is_expired ? base::Money() : lot.amount - lot.consumed)},
            {"expired", is_expired},
            {"added_at", base::to_rfc3339(lot.added_at)},
            {"expires_at", lot.expires_at ? nlohmann::ordered_json(base::to_rfc3339(*lot.expires_at))
                                          : nlohmann::ordered_json(nullptr)},
            {"note", lot.note}};
}

nlohmann::ordered_json to_json(const domain::Wallet& wallet, const std::string& currency) {
    return {{"balance", base::to_string(wallet.balance)},
            {"spent", base::to_string(wallet.spent)},
            {"debt", base::to_string(wallet.debt)},
            {"expired", base::to_string(wallet.expired)},
            {"currency", currency}};
}

/// One year unless the options say something else.
base::Result<std::optional<base::WallTime>> read_expiry(const AddOptions& options, const Desk& desk,
                                                        base::WallTime now) {
    if (options.expires.empty()) return now + std::chrono::days(365);
    if (options.expires == "never") return std::nullopt;
    const auto zone = base::TimeZone::load(desk.config.billing.time_zone);
    if (!zone) return base::fail(zone.error());
    return domain::parse_expiry(options.expires, *zone);
}

base::Result<ports::Lot> read_lot(const AddOptions& options, const Desk& desk, base::WallTime now) {
    const auto amount = base::Money::parse(options.amount);
    if (!amount) return base::fail(amount.error());
    const auto expiry = read_expiry(options, desk, now);
    if (!expiry) return base::fail(expiry.error());
    return ports::Lot{.id = ports::LotId(options.id.empty() ? "lot_" + base::random_hex(8) : options.id),
                      .account_id = desk.account.id,
                      .amount = *amount,
                      .added_at = now,
                      .expires_at = *expiry,
                      .note = options.note};
}

base::Result<void> add_credit(const AddOptions& options, Terminal& terminal) {
    const auto desk = open_desk(options.common, options.user, terminal);
    if (!desk) return base::fail(desk.error());
    const auto lot = read_lot(options, *desk, terminal.now);
    if (!lot) return base::fail(lot.error());
    if (const auto added = desk->storage->ledger().add_lot(*lot); !added) return base::fail(added.error());
    audit_command(*desk->storage, terminal, "credit.add", desk->account.id.text());
    const auto wallet = desk->storage->ledger().wallet(desk->account.id, terminal.now);
    if (!wallet) return base::fail(wallet.error());
    const std::string& currency = desk->config.billing.currency;
    if (options.common.json) {
        const nlohmann::ordered_json printed = {{"lot", to_json(*lot, terminal.now)},
                                                {"wallet", to_json(*wallet, currency)}};
        terminal.out << printed.dump() << '\n';
    } else {
        terminal.out << "added " << base::to_string(lot->amount) << ' ' << currency << " to "
                     << desk->account.email << " as " << lot->id.text() << "; the balance is "
                     << base::to_string(wallet->balance) << ' ' << currency << '\n';
    }
    if (!desk->config.billing.wallet) {
        terminal.error << "billing.wallet is false: calls are not charged to wallets yet.\n";
    }
    return {};
}

void print_lots(const std::vector<ports::Lot>& lots, const domain::Wallet& wallet,
                const std::string& currency, Terminal& terminal) {
    Table table({"ID", "AMOUNT", "CONSUMED", "STATE", "ADDED", "EXPIRES", "NOTE"});
    const auto seconds = [](base::WallTime time) {
        return base::to_rfc3339(std::chrono::floor<std::chrono::seconds>(time));
    };
    for (const ports::Lot& lot : lots) {
        const bool is_expired = lot.expires_at && *lot.expires_at <= terminal.now;
        table.add({lot.id.text(), base::to_string(lot.amount), base::to_string(lot.consumed),
                   lot.consumed == lot.amount ? "used up" : (is_expired ? "expired" : "open"),
                   seconds(lot.added_at), lot.expires_at ? seconds(*lot.expires_at) : "never",
                   printable(lot.note)});
    }
    if (!table.empty()) table.print(terminal.out);
    terminal.out << "balance " << base::to_string(wallet.balance) << ' ' << currency << ", spent "
                 << base::to_string(wallet.spent);
    if (!wallet.debt.is_zero()) terminal.out << ", debt " << base::to_string(wallet.debt);
    if (!wallet.expired.is_zero()) terminal.out << ", expired " << base::to_string(wallet.expired);
    terminal.out << '\n';
}

base::Result<void> list_credit(const ListOptions& options, Terminal& terminal) {
    const auto desk = open_desk(options.common, options.user, terminal);
    if (!desk) return base::fail(desk.error());
    const auto lots = desk->storage->ledger().lots(desk->account.id);
    if (!lots) return base::fail(lots.error());
    const auto wallet = desk->storage->ledger().wallet(desk->account.id, terminal.now);
    if (!wallet) return base::fail(wallet.error());
    if (!options.common.json) {
        print_lots(*lots, *wallet, desk->config.billing.currency, terminal);
        return {};
    }
    nlohmann::ordered_json rows = nlohmann::ordered_json::array();
    for (const ports::Lot& lot : *lots) rows.push_back(to_json(lot, terminal.now));
    const nlohmann::ordered_json printed = {{"lots", rows},
                                            {"wallet", to_json(*wallet, desk->config.billing.currency)}};
    terminal.out << printed.dump() << '\n';
    return {};
}

} // namespace

void add_credit_commands(CLI::App& program, Action& chosen) {
    auto* credit = program.add_subcommand("credit", "Wallets: prepaid money of accounts");
    credit->require_subcommand(1);
    auto* add = credit->add_subcommand("add", "Top up an account's wallet by hand");
    auto& options = set_work(*add, chosen, add_credit);
    add->add_option("user", options.user, "E-mail address or id")->required()->type_name("USER");
    add->add_option("amount", options.amount, "In ledger currency")->required()->type_name("AMOUNT");
    add->add_option("--expires", options.expires,
                    "A time, a day that it ends with, or never; default one year")
        ->type_name("WHEN");
    add->add_option("--note", options.note, "For example a receipt's number")->type_name("TEXT");
    add->add_option("--id", options.id, "Adding the same id again is refused: safe to repeat")
        ->type_name("ID");
    add_config_option(*add, options.common);
    add_json_option(*add, options.common);
    add->footer("Lots are consumed in the order in which they were added; a debt is paid first.\n\n"
                "Example:\n  tollgate credit add me@example.org 500 --note \"bank transfer 17\"");
    auto* list = credit->add_subcommand("list", "List an account's lots, oldest first, and its balance");
    auto& list_options = set_work(*list, chosen, list_credit);
    list->add_option("user", list_options.user, "E-mail address or id")->required()->type_name("USER");
    add_config_option(*list, list_options.common);
    add_json_option(*list, list_options.common);
}

} // namespace tollgate::app
