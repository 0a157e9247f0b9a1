#include "config/read_settings.hpp"

#include "tollgate/base/time_zone.hpp"
#include "tollgate/config/price_file.hpp"

#include <algorithm>

namespace tollgate::config {

namespace {

using std::chrono::hours;

constexpr Range<Duration> any_wait{Duration(1), hours(24)};
constexpr Range<std::uint32_t> from_one{1, 1'000'000'000};

void read_tls(Section section, Server::Tls& tls) {
    section.read_optional_text("certificate", tls.certificate);
    section.read_optional_text("private_key", tls.private_key);
    section.refuse_others();
}

void read_limits(Section section, Server::Limits& limits) {
    section.read("head", limits.head, Range<std::uint64_t>{1 * kibibyte, 1 * mebibyte});
    section.read("headers", limits.headers, Range<std::uint32_t>{1, 10'000});
    section.read("body", limits.body, Range<std::uint64_t>{1 * kibibyte, 1024 * mebibyte});
    section.read("connections", limits.connections, from_one);
    section.read("head_time", limits.head_time, any_wait);
    section.read("body_time", limits.body_time, any_wait);
    section.read("idle_time", limits.idle_time, any_wait);
    section.refuse_others();
}

void read_workers(Section& section, std::uint32_t& workers) {
    const Node* node = section.take("workers");
    if (!node) return;
    const std::string path = section.path_of("workers");
    const auto text = section.text_of_node(*node, path);
    if (!text) return;
    workers = 0;
    if (*text == "auto") return;
    if (read_value(*text, workers) || workers < 1 || workers > 1024) {
        section.reading().complain(path, "must be auto or a number from 1 to 1024");
    }
}

void check_currency(Section& section, const std::string& currency) {
    const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (currency.size() == 3 && std::ranges::all_of(currency, is_capital)) return;
    section.reading().complain(section.path_of("currency"), "must be an ISO 4217 code such as INR");
}

void read_time_zone(Section& section, std::string& name) {
    const bool is_set = section.find("time_zone") != nullptr; // a default is checked where it is used
    section.read("time_zone", name);
    if (!is_set || base::TimeZone::load(name)) return;
    section.reading().complain(
        section.path_of("time_zone"),
        "is not a time zone of this system: write an IANA name such as Asia/Kolkata or UTC");
}

void read_factor(Section& section, std::string_view name, base::Decimal& factor) {
    section.read(name, factor);
    // Ten times the price is no buffer but a slip of the point.
    if (factor.is_negative() || factor.digits / 10 >= factor.denominator()) {
        section.reading().complain(section.path_of(name), "must be from 0 to less than 10, such as \"0.05\"");
    }
}

/// `refuse` or {floor: AMOUNT}.
void read_unpriced(Section& section, Unpriced& unpriced) {
    const Node* node = section.take("unpriced");
    if (!node) return;
    const std::string path = section.path_of("unpriced");
    if (node->kind == Node::Kind::scalar) {
        const auto text = section.text_of_node(*node, path);
        if (text && *text != "refuse") {
            section.reading().complain(path, "must be refuse or a map {floor: \"0.10\"}");
        }
        unpriced.floor.reset();
        return;
    }
    Section choice(node, path, section.reading());
    choice.read_optional("floor", unpriced.floor);
    choice.refuse_others();
    if (unpriced.floor && unpriced.floor->is_negative()) {
        section.reading().complain(choice.path_of("floor"), "must not be negative");
    }
}

/// The overrides alone, read as they will be: what is wrong with one of them is known before there is a list.
void check_price_overrides(const Section& models, const std::string& overrides) {
    const auto prices = read_prices("{}", overrides);
    if (!prices) {
        models.reading().complain(models.path(), prices.error().message);
        return;
    }
    for (const PriceNote& fault : prices->faults) {
        constexpr std::string_view source = "price_overrides: "; // which the path says already
        const auto start = fault.text.starts_with(source) ? source.size() : 0;
        models.reading().complain(models.path_of(fault.key), fault.text.substr(start));
    }
}

void read_price_overrides(Section& section, std::string& overrides) {
    const Node* node = section.take("price_overrides");
    if (!node) return;
    Section models(node, section.path_of("price_overrides"), section.reading());
    if (models.items().empty()) return;
    for (const Node& model : models.items()) {
        const Section fields(&model, models.path_of(model.name),
                             section.reading()); // complains if it is no map
        section.reading().lines[models.path_of(model.name)] = model.line;
    }
    overrides = to_json(*node);
    check_price_overrides(models, overrides);
}

void read_postgresql(Section section, Postgresql& postgresql) {
    section.read("connections", postgresql.connections, Range<std::uint32_t>{2, 1000});
    section.read("connect_timeout", postgresql.connect_timeout, Range<Duration>{Duration(1'000), hours(1)});
    section.read("timeout", postgresql.timeout, Range<Duration>{Duration(100), hours(1)});
    section.read_optional("listen", postgresql.listen);
    section.refuse_others();
    if (postgresql.listen && !is_postgresql_url(postgresql.listen->expose())) {
        section.reading().complain(section.path_of("listen"),
                                   "must be postgresql://user:password@host:5432/name");
    }
}

/// One secret, or a list of which the first signs.
void read_session_secrets(Section& section, Accounts& accounts) {
    const Node* node = section.find("session_secret");
    if (node == nullptr || node->kind != Node::Kind::list) {
        section.read("session_secret", accounts.session_secret);
        return;
    }
    std::vector<base::Secret> secrets;
    section.read_list("session_secret", secrets);
    if (secrets.empty()) return;
    accounts.session_secret = std::move(secrets.front());
    accounts.older_session_secrets.assign(std::make_move_iterator(secrets.begin() + 1),
                                          std::make_move_iterator(secrets.end()));
}

} // namespace

void read_server(Section section, Server& server) {
    section.read_list("listen", server.listen);
    read_workers(section, server.workers);
    read_tls(section.section("tls"), server.tls);
    section.read_list("trusted_proxies", server.trusted_proxies);
    section.read("drain_timeout", server.drain_timeout, Range<Duration>{Duration(0), hours(24)});
    read_limits(section.section("limits"), server.limits);
    section.refuse_others();
}

void read_storage(Section section, Storage& storage) {
    section.read("database", storage.database);
    section.read_optional("redis", storage.redis);
    section.read("redis_timeout", storage.redis_timeout, Range<Duration>{Duration(10), Duration(60'000)});
    section.read_optional_text("redis_certificate_authority", storage.redis_certificate_authority);
    section.read("journal", storage.journal);
    section.read("migrate", storage.migrate);
    read_postgresql(section.section("postgresql"), storage.postgresql);
    section.refuse_others();
    if (!storage.redis) return;
    if (const auto complaint = check_redis_url(storage.redis->expose())) {
        section.reading().complain(section.path_of("redis"), *complaint);
    }
}

void read_accounts(Section section, Accounts& accounts) {
    section.read("registration", accounts.registration);
    read_session_secrets(section, accounts);
    section.read("session_time", accounts.session_time, Range<Duration>{Duration(60'000), hours(24 * 400)});
    section.read("concurrency", accounts.concurrency);
    section.refuse_others();
}

void read_keys(Section section, Keys& keys) {
    section.read("cache_time", keys.cache_time, Range<Duration>{Duration(1'000), hours(24)});
    section.read("negative_cache_time", keys.negative_cache_time, Range<Duration>{Duration(0), hours(1)});
    section.read("cache_entries", keys.cache_entries, Range<std::uint32_t>{1, 100'000'000});
    section.read("default_rate_limit", keys.default_rate_limit, from_one);
    section.read("max_rate_limit", keys.max_rate_limit, from_one);
    section.refuse_others();
}

void read_billing(Section section, Billing& billing) {
    section.read("currency", billing.currency);
    check_currency(section, billing.currency);
    read_time_zone(section, billing.time_zone);
    section.read("usd_rate", billing.usd_rate);
    if (billing.usd_rate.digits <= 0) {
        section.reading().complain(section.path_of("usd_rate"), "must be more than 0");
    }
    read_factor(section, "buffer", billing.buffer);
    read_factor(section, "markup", billing.markup);
    section.read("prices", billing.prices);
    read_price_overrides(section, billing.price_overrides);
    read_unpriced(section, billing.unpriced);
    section.read("wallet", billing.wallet);
    section.read("reserve_wait", billing.reserve_wait, Range<Duration>{Duration(0), Duration(60'000)});
    section.read("stream_slice", billing.stream_slice, Range<std::uint32_t>{0, 1'000'000});
    section.refuse_others();
}

void read_routing(Section section, Routing& routing) {
    Section aliases = section.section("aliases");
    for (const Node& item : aliases.items()) {
        aliases.read_node(item, aliases.path_of(item.name), routing.aliases[item.name]);
    }
    Section fallbacks = section.section("fallbacks");
    for (const Node& item : fallbacks.items()) {
        fallbacks.read_list_node(item, fallbacks.path_of(item.name), routing.fallbacks[item.name]);
    }
    section.read_optional("pool", routing.pool);
    section.refuse_others();
}

void read_usage(Section section, Usage& usage) {
    section.read("add_cost", usage.add_cost);
    section.read("retention_days", usage.retention_days, Range<std::uint32_t>{1, 36'500});
    section.refuse_others();
}

void read_telemetry(Section section, Telemetry& telemetry) {
    section.read("log_level", telemetry.log_level);
    section.read("log_format", telemetry.log_format);
    section.read("access_log", telemetry.access_log);
    section.read_optional("metrics_listen", telemetry.metrics_listen);
    section.refuse_others();
}

} // namespace tollgate::config
