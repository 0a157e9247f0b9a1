#include "app/key_options.hpp"

#include "tollgate/domain/period.hpp"

#include <charconv>
#include <concepts>

namespace tollgate::app {

namespace {

std::unexpected<base::Error> reject_option(const std::string& option, const std::string& message) {
    return base::reject(base::ErrorCode::invalid_field, "--" + option + ": " + message, option);
}

/// Passes a fault on with the option's name before its message.
std::unexpected<base::Error> name_option(const std::string& option, const base::Error& fault) {
    return reject_option(option, fault.message);
}

template <std::unsigned_integral Number>
std::optional<Number> parse_number(std::string_view text) {
    Number value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

/// Absent: unchanged. "none": no limit.
template <class Number>
base::Result<std::optional<std::optional<Number>>> read_limit(const std::optional<std::string>& text,
                                                              const std::string& option) {
    using Change = std::optional<std::optional<Number>>;
    if (!text) return Change{};
    if (*text == "none") return Change(std::in_place, std::nullopt);
    const auto number = parse_number<Number>(*text);
    if (!number) return reject_option(option, "'" + *text + "' is neither a whole number nor none");
    return Change(std::in_place, *number);
}

base::Result<void> read_limits(const KeyOptions& options, domain::KeyPatch& patch) {
    patch.rate_limit = options.rate_limit;
    auto tokens = read_limit<std::uint64_t>(options.token_limit, "token-limit");
    if (!tokens) return base::fail(std::move(tokens.error()));
    patch.token_limit = *tokens;
    auto concurrency = read_limit<std::uint32_t>(options.concurrency, "concurrency");
    if (!concurrency) return base::fail(std::move(concurrency.error()));
    patch.concurrency = *concurrency;
    return {};
}

base::Result<void> read_money(const KeyOptions& options, domain::KeyPatch& patch) {
    if (options.budget == "none") {
        patch.budget.emplace(std::nullopt);
    } else if (options.budget) {
        const auto budget = base::Money::parse(*options.budget);
        if (!budget) return name_option("budget", budget.error());
        patch.budget.emplace(*budget);
    }
    if (options.budget_period) {
        const auto period = domain::parse_budget_period(*options.budget_period);
        if (!period) return name_option("budget-period", period.error());
        patch.budget_period = *period;
    }
    return {};
}

/// Absent: unchanged. "never": no expiry.
base::Result<std::optional<std::optional<base::WallTime>>>
read_expiry(const KeyOptions& options, const base::TimeZone& zone, base::WallTime now) {
    using Change = std::optional<std::optional<base::WallTime>>;
    if (!options.expires) return Change{};
    if (*options.expires == "never") return Change(std::in_place, std::nullopt);
    const auto time = domain::parse_expiry(*options.expires, zone);
    if (!time) return name_option("expires", time.error());
    if (*time <= now) return reject_option("expires", "'" + *options.expires + "' is in the past");
    return Change(std::in_place, *time);
}

base::Result<void> read_metadata(const KeyOptions& options, domain::KeyPatch& patch) {
    if (options.metadata.empty() && !options.no_metadata) return {};
    patch.metadata.emplace();
    for (const std::string& entry : options.metadata) {
        const auto sign = entry.find('=');
        if (sign == std::string::npos || sign == 0) {
            return reject_option("metadata", "'" + entry + "' is not of the form NAME=VALUE");
        }
        (*patch.metadata)[entry.substr(0, sign)] = entry.substr(sign + 1);
    }
    return {};
}

base::Result<void> read_behaviour(const KeyOptions& options, domain::KeyPatch& patch) {
    if (!options.models.empty() || options.any_model) patch.models = options.models;
    if (!options.ip_allow.empty() || options.any_address) patch.ip_allow = options.ip_allow;
    if (!options.on_disconnect) return {};
    const auto choice = domain::parse_on_disconnect(*options.on_disconnect);
    if (!choice) return name_option("on-disconnect", choice.error());
    patch.on_disconnect = *choice;
    return {};
}

} // namespace

base::Result<domain::KeyPatch> to_patch(const KeyOptions& options, const base::TimeZone& zone,
                                        base::WallTime now) {
    domain::KeyPatch patch;
    patch.name = options.name;
    if (auto read = read_limits(options, patch); !read) return base::fail(std::move(read.error()));
    if (auto read = read_money(options, patch); !read) return base::fail(std::move(read.error()));
    auto expiry = read_expiry(options, zone, now);
    if (!expiry) return base::fail(std::move(expiry.error()));
    patch.expires_at = *expiry;
    if (auto read = read_behaviour(options, patch); !read) return base::fail(std::move(read.error()));
    if (auto read = read_metadata(options, patch); !read) return base::fail(std::move(read.error()));
    return patch;
}

base::Result<std::chrono::seconds> parse_duration(const std::string& text) {
    if (text == "0") return std::chrono::seconds(0);
    constexpr std::uint64_t longest_days = 36'500;
    constexpr std::string_view units = "smhd";
    constexpr std::uint64_t seconds_of[] = {1, 60, 3600, 86400};
    const std::size_t unit = text.empty() ? std::string_view::npos : units.find(text.back());
    const auto number =
        parse_number<std::uint64_t>(std::string_view(text).substr(0, text.size() - (text.empty() ? 0 : 1)));
    if (unit == std::string_view::npos || !number || *number > longest_days * 86400 / seconds_of[unit]) {
        return base::reject(base::ErrorCode::invalid_field,
                            "'" + text + "' is not a time span: write 90s, 30m, 24h or 7d");
    }
    return std::chrono::seconds(*number * seconds_of[unit]);
}

} // namespace tollgate::app
