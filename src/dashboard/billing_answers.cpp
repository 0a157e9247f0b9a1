// Wallets: balance, lots in the order of consumption, transactions, top-ups by an admin.
#include "dashboard/answers.hpp"
#include "tollgate/base/digest.hpp"
#include "tollgate/domain/email.hpp"
#include "tollgate/domain/period.hpp"
#include "tollgate/domain/purse.hpp"

#include <algorithm>
#include <charconv>

namespace tollgate::dashboard {

namespace {

using base::ErrorCode;
using ports::Lot;
using std::chrono::local_days;

/// One account; "all" has no wallet.
base::Result<base::AccountId> one_account(Call& call) {
    const auto account = account_in_question(call);
    if (!account) return base::fail(account.error());
    if (*account) return **account;
    return base::reject(ErrorCode::invalid_field, "account_id: name one account", "account_id");
}

bool is_expired(const Lot& lot, base::WallTime now) {
    return lot.expires_at && *lot.expires_at <= now;
}

std::string_view state_of(const Lot& lot, base::WallTime now) {
    if (lot.consumed >= lot.amount) return "consumed";
    return is_expired(lot, now) ? "expired" : "active";
}

Json to_json(const Call& call, const Lot& lot) {
    const base::Money left = is_expired(lot, call.now) ? base::Money() : lot.amount - lot.consumed;
    return {{"id", lot.id.text()},
            {"account_id", lot.account_id.text()},
            {"amount", dashboard::to_json(lot.amount)},
            {"consumed", dashboard::to_json(lot.consumed)},
            {"remaining", dashboard::to_json(left)},
            {"currency", call.parts.settings.currency},
            {"state", state_of(lot, call.now)},
            {"added_at", dashboard::to_json(lot.added_at)},
            {"expires_at", or_null(lot.expires_at)},
            {"note", lot.note}};
}

base::Result<Reply> answer_lots(const Call& call, const base::AccountId& account) {
    const auto lots = call.parts.storage.ledger().lots(account);
    if (!lots) return base::fail(lots.error());
    Json data = Json::array();
    for (const Lot& lot : *lots) data.push_back(to_json(call, lot));
    return reply({{"data", std::move(data)}});
}

/// What of the wallet expires next.
Json next_expiry(const std::vector<Lot>& lots, base::WallTime now) {
    const Lot* next = nullptr;
    for (const Lot& lot : lots) {
        if (state_of(lot, now) != "active" || !lot.expires_at) continue;
        if (next == nullptr || *lot.expires_at < *next->expires_at) next = &lot;
    }
    if (next == nullptr) return {};
    return {{"at", dashboard::to_json(*next->expires_at)},
            {"amount", dashboard::to_json(next->amount - next->consumed)}};
}

struct Transaction {
    base::WallTime at{};
    std::string id{};
    Json shown{};
};

Transaction make_transaction(const Call& call, base::WallTime at, std::string id, Json rest) {
    Json shown = {{"id", id},
                  {"at", dashboard::to_json(at)},
                  {"day", domain::to_string(call.parts.settings.zone.day_at(at))},
                  {"currency", call.parts.settings.currency}};
    shown.update(rest);
    return {.at = at, .id = std::move(id), .shown = std::move(shown)};
}

void add_lot_transactions(const Call& call, const std::vector<Lot>& lots, std::vector<Transaction>& found) {
    for (const Lot& lot : lots) {
        const Json top_up = {{"kind", "top_up"},
                             {"amount", dashboard::to_json(lot.amount)},
                             {"note", lot.note},
                             {"lot_id", lot.id.text()},
                             {"requests", nullptr}};
        found.push_back(make_transaction(call, lot.added_at, "add_" + lot.id.text(), top_up));
        if (state_of(lot, call.now) != "expired") continue;
        const base::Money lost = base::Money() - (lot.amount - lot.consumed);
        const Json expiry = {{"kind", "expiry"},
                             {"amount", dashboard::to_json(lost)},
                             {"note", ""},
                             {"lot_id", lot.id.text()},
                             {"requests", nullptr}};
        found.push_back(make_transaction(call, *lot.expires_at, "expire_" + lot.id.text(), expiry));
    }
}

/// A day's charges are one entry, under the day's beginning: a moment that stays the same while the day goes
/// on.
void add_day_transactions(const Call& call, const std::vector<ports::WalletDay>& days,
                          std::vector<Transaction>& found) {
    for (const ports::WalletDay& day : days) {
        const Json usage = {{"kind", "usage"},
                            {"amount", dashboard::to_json(base::Money() - day.charged)},
                            {"note", ""},
                            {"lot_id", nullptr},
                            {"requests", day.requests}};
        const base::WallTime begin = call.parts.settings.zone.start_of(day.day);
        found.push_back(make_transaction(call, begin, "usage_" + domain::to_string(day.day), usage));
    }
}

struct Place {
    base::WallTime at{};
    std::string id{};
};

std::optional<Place> read_place(Query& query) {
    const auto written = query.text("after");
    if (!written) return std::nullopt;
    const auto sign = written->find('~');
    std::int64_t micros = 0;
    const auto [end, fault] =
        std::from_chars(written->data(), written->data() + std::min(sign, written->size()), micros);
    if (sign != std::string::npos && fault == std::errc{} && end == written->data() + sign)
        return Place{base::WallTime(std::chrono::microseconds(micros)), written->substr(sign + 1)};
    query.complain("after", "must be the `next` of the page before");
    return std::nullopt;
}

bool is_newer(const Transaction& left, const Transaction& right) {
    return std::tie(left.at, left.id) > std::tie(right.at, right.id);
}

/// All transactions of lots, and enough of days, behind `after`; newest first.
base::Result<std::vector<Transaction>> transactions(const Call& call, const base::AccountId& account,
                                                    const std::optional<Place>& after, std::size_t wanted) {
    const auto lots = call.parts.storage.ledger().lots(account);
    if (!lots) return base::fail(lots.error());
    std::optional<local_days> before;
    if (after) before = call.parts.settings.zone.day_at(after->at) + std::chrono::days(1);
    const auto days = call.parts.storage.usage_reports().wallet_days(account, before, wanted + 2);
    if (!days) return base::fail(days.error());
    std::vector<Transaction> found;
    add_lot_transactions(call, *lots, found);
    add_day_transactions(call, *days, found);
    std::ranges::sort(found, is_newer);
    // What lies before the last day that was read may lack days: it belongs to a later page.
    if (days->size() == wanted + 2) {
        const base::WallTime known = call.parts.settings.zone.start_of(days->back().day);
        std::erase_if(found, [known](const Transaction& each) { return each.at < known; });
    }
    if (after) {
        std::erase_if(found, [&](const Transaction& each) {
            return std::tie(each.at, each.id) >= std::tie(after->at, after->id);
        });
    }
    return found;
}

struct TopUp {
    Lot lot{};
    std::string email{};
};

void read_expiry(const Call& call, Fields& fields, Lot& lot) {
    const auto written = fields.nullable_text("expires_at", {.least = 0, .most = 40});
    lot.expires_at = call.now + std::chrono::days(365);
    if (!written) return;
    lot.expires_at.reset();
    if (!*written) return;
    lot.expires_at = fields.accept("expires_at", domain::parse_expiry(**written, call.parts.settings.zone));
    if (lot.expires_at && *lot.expires_at <= call.now)
        fields.complain(ErrorCode::invalid_field, "expires_at", "is in the past");
}

base::Result<TopUp> read_top_up(const Call& call) {
    Fields fields(call.body);
    TopUp read;
    read.lot.account_id = base::AccountId(fields.text("account_id", {.least = 1, .most = 100}).value_or(""));
    read.email = fields.text("email", {.least = 1, .most = 254}).value_or("");
    read.lot.amount = fields.money("amount").value_or(base::Money());
    read.lot.note = fields.text("note", {.least = 0, .most = 200}).value_or("");
    read.lot.id =
        ports::LotId(fields.text("id", {.least = 1, .most = 64}).value_or("lot_" + base::random_hex(8)));
    read_expiry(call, fields, read.lot);
    read.lot.added_at = call.now;
    if (!fields.has("amount")) fields.complain(ErrorCode::missing_field, "amount", "is missing");
    if (!fields.has("account_id") && !fields.has("email"))
        fields.complain(ErrorCode::missing_field, "account_id",
                        "is missing: name an account or an e-mail address");
    if (read.lot.amount <= base::Money())
        fields.complain(ErrorCode::invalid_field, "amount", "must be more than 0");
    if (auto done = fields.finish(); !done) return base::fail(done.error());
    return read;
}

base::Result<ports::Account> account_of(const Call& call, const TopUp& read) {
    auto& accounts = call.parts.storage.accounts();
    const auto found = read.lot.account_id.empty()
                           ? accounts.find_by_email(domain::normalise_email(read.email).value_or(""))
                           : accounts.find(read.lot.account_id);
    if (!found) return base::fail(found.error());
    if (*found) return **found;
    return base::reject(ErrorCode::not_found, "there is no such account",
                        read.lot.account_id.empty() ? "email" : "account_id");
}

} // namespace

base::Result<Reply> show_balance(Call& call) {
    const auto account = one_account(call);
    if (!account) return base::fail(account.error());
    if (auto done = call.query.finish(); !done) return base::fail(done.error());
    const auto wallet = call.parts.storage.ledger().wallet(*account, call.now);
    if (!wallet) return base::fail(wallet.error());
    const auto lots = call.parts.storage.ledger().lots(*account);
    if (!lots) return base::fail(lots.error());
    return reply({{"account_id", account->text()},
                  {"currency", call.parts.settings.currency},
                  {"wallet", call.parts.settings.wallets == Wallets::on},
                  {"balance", to_json(wallet->balance)},
                  {"total_credits", to_json(wallet->cap)},
                  {"total_usage", to_json(wallet->spent)},
                  {"expired", to_json(wallet->expired)},
                  {"debt", to_json(wallet->debt)},
                  {"next_expiry", next_expiry(*lots, call.now)}});
}

base::Result<Reply> list_lots(Call& call) {
    const auto account = one_account(call);
    if (!account) return base::fail(account.error());
    if (auto done = call.query.finish(); !done) return base::fail(done.error());
    return answer_lots(call, *account);
}

base::Result<Reply> list_credits(Call& call) {
    return list_lots(call);
}

base::Result<Reply> list_transactions(Call& call) {
    const auto account = one_account(call);
    if (!account) return base::fail(account.error());
    const std::size_t limit = call.query.number("limit", 1, 200).value_or(50);
    const auto after = read_place(call.query);
    if (auto done = call.query.finish(); !done) return base::fail(done.error());
    const auto found = transactions(call, *account, after, limit);
    if (!found) return base::fail(found.error());
    Json data = Json::array();
    for (const Transaction& each : std::span(*found).first(std::min(limit, found->size())))
        data.push_back(each.shown);
    Json next;
    if (found->size() > limit) {
        const Transaction& last = (*found)[limit - 1];
        next = std::to_string(last.at.time_since_epoch().count()) + "~" + last.id;
    }
    return reply({{"data", std::move(data)}, {"next", std::move(next)}});
}

base::Result<Reply> add_credit(Call& call) {
    auto read = read_top_up(call);
    if (!read) return base::fail(read.error());
    const auto account = account_of(call, *read);
    if (!account) return base::fail(account.error());
    read->lot.account_id = account->id;
    const auto added = call.parts.storage.ledger().add_lot(read->lot);
    if (!added) return base::fail(added.error());
    audit(call, "credit.add", account->id.text(),
          {{"lot", read->lot.id.text()},
           {"amount", base::to_string(read->lot.amount)},
           {"note", read->lot.note}});
    return reply(to_json(call, read->lot), 201);
}

} // namespace tollgate::dashboard
