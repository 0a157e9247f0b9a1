#include "storage/sqlite/call_names.hpp"

#include "tollgate/domain/ledger_batch.hpp"

#include <optional>

namespace tollgate::storage::sqlite {

namespace {

using domain::UsageView;

constexpr std::size_t most_remembered = 100'000;

/// Texts and numbers behind one another, each distinct list in distinct bytes.
class Spelling {
public:
    template <class... Parts>
    std::string_view of(const Parts&... parts) {
        bytes_.clear();
        (add(parts), ...);
        return bytes_;
    }

private:
    void add(std::string_view text) {
        add(text.size());
        bytes_ += text;
    }
    void add(std::uint64_t number) {
        for (; number >= 0x80; number >>= 7) put(number | 0x80);
        put(number);
    }
    void put(std::uint64_t byte) { bytes_ += static_cast<char>(static_cast<std::uint8_t>(byte)); }

    std::string bytes_;
};

template <class Word>
std::uint64_t is(Word word, Word other) {
    return word == other ? 1 : 0;
}

/// Calls `take` with the columns of usage_kinds.
template <class Take>
auto with_kind(const UsageView& event, const Take& take) {
    return take(is(event.wallet, domain::WalletUse::charged), event.endpoint, event.model, event.provider,
                domain::billed_model(event), is(event.delivery, domain::Delivery::stream),
                std::uint64_t{event.status}, event.outcome, to_string(event.usage.source), event.currency,
                event.usd_rate, event.price_version, is(event.client_end, domain::ClientEnd::gone),
                std::uint64_t{event.attempts}, event.usage.requests, event.node);
}

std::int64_t key_number(Connection& connection, const UsageView& event) {
    connection.query("INSERT INTO usage_keys (key_id, account_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING")
        .bind(event.key_id, event.account_id)
        .run();
    auto found = connection.query("SELECT number FROM usage_keys WHERE key_id = ?1 AND account_id = ?2");
    found.bind(event.key_id, event.account_id).step();
    return found.integer(0);
}

std::int64_t kind_number(Connection& connection, const UsageView& event) {
    with_kind(event, [&connection](const auto&... columns) {
        return connection
            .query("INSERT INTO usage_kinds (wallet, endpoint, asked_model, provider, model, stream, status, "
                   "outcome, usage_source, currency, usd_rate, price_version, client_gone, attempts, "
                   "priced_requests, node) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, "
                   "?14, ?15, ?16) ON CONFLICT DO NOTHING")
            .bind(columns...)
            .run();
    });
    auto found = connection.query(
        "SELECT number FROM usage_kinds WHERE wallet = ?1 AND endpoint = ?2 AND asked_model = ?3 AND "
        "provider = ?4 AND model = ?5 AND stream = ?6 AND status = ?7 AND outcome = ?8 AND "
        "usage_source = ?9 AND currency = ?10 AND usd_rate = ?11 AND price_version = ?12 AND "
        "client_gone = ?13 AND attempts = ?14 AND priced_requests = ?15 AND node = ?16");
    with_kind(event, [&found](const auto&... columns) { return found.bind(columns...).step(); });
    return found.integer(0);
}

std::string_view spell_key(Spelling& spelling, const UsageView& event) {
    return spelling.of(event.key_id, event.account_id);
}

std::string_view spell_kind(Spelling& spelling, const UsageView& event) {
    return with_kind(event, [&spelling](const auto&... columns) { return spelling.of(columns...); });
}

} // namespace

base::Result<std::vector<CallNumbers>> CallNames::numbers_of(std::span<const UsageView> events) {
    const std::scoped_lock lock(mutex_);
    if (auto numbers = find(events)) return std::move(*numbers);
    if (const auto added = add(events); !added) return base::fail(added.error());
    return find(events).value();
}

std::optional<std::vector<CallNumbers>> CallNames::find(std::span<const UsageView> events) const {
    std::vector<CallNumbers> numbers;
    numbers.reserve(events.size());
    Spelling spelling;
    for (const UsageView& event : events) {
        const auto key = keys_.find(spell_key(spelling, event));
        if (key == keys_.end()) return std::nullopt;
        const auto kind = kinds_.find(spell_kind(spelling, event));
        if (kind == kinds_.end()) return std::nullopt;
        numbers.push_back({.key = key->second, .kind = kind->second});
    }
    return numbers;
}

base::Result<void> CallNames::add(std::span<const UsageView> events) {
    if (keys_.size() > most_remembered) keys_.clear();
    if (kinds_.size() > most_remembered) kinds_.clear();
    Numbers keys;
    Numbers kinds;
    const auto added = database_.write([&](Connection& connection) -> base::Result<void> {
        Spelling spelling;
        for (const UsageView& event : events) {
            std::string key(spell_key(spelling, event));
            const bool knows_key = keys_.contains(key) || keys.contains(key);
            if (!knows_key) keys.emplace(std::move(key), key_number(connection, event));
            std::string kind(spell_kind(spelling, event));
            const bool knows_kind = kinds_.contains(kind) || kinds.contains(kind);
            if (!knows_kind) kinds.emplace(std::move(kind), kind_number(connection, event));
        }
        return {};
    });
    if (!added) return added;
    keys_.merge(keys);
    kinds_.merge(kinds);
    return {};
}

} // namespace tollgate::storage::sqlite
