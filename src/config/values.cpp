#include "config/values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>
#include <numeric>
#include <utility>
#include <vector>

namespace tollgate::config {

namespace {

struct Unit {
    std::string_view name;
    std::uint64_t factor;
};

constexpr std::array duration_units{Unit{"ms", 1}, Unit{"s", 1000}, Unit{"m", 60'000}, Unit{"h", 3'600'000}};
constexpr std::array size_units{Unit{"", 1}, Unit{"KiB", kibibyte}, Unit{"MiB", mebibyte},
                                Unit{"GiB", 1024 * mebibyte}};

/// A whole number and the unit behind it; nothing: neither, unknown unit, or more than 63 bits.
template <std::size_t N>
std::optional<std::uint64_t> read_quantity(std::string_view text, const std::array<Unit, N>& units) {
    std::uint64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{}) return std::nullopt;
    const std::string_view name(stop, end);
    const auto unit = std::ranges::find(units, name, &Unit::name);
    std::uint64_t product = 0;
    if (unit == units.end() || __builtin_mul_overflow(number, unit->factor, &product)) return std::nullopt;
    if (!std::in_range<std::int64_t>(product)) return std::nullopt;
    return product;
}

/// The value with its largest unit that divides it.
template <std::size_t N>
std::string write_quantity(std::uint64_t value, const std::array<Unit, N>& units) {
    const Unit* best = &units.front();
    for (const Unit& unit : units) {
        if (value != 0 && value % unit.factor == 0) best = &unit;
    }
    return std::to_string(value / best->factor).append(best->name);
}

template <class Enum>
Complaint read_choice(std::string_view text, Enum& value, std::initializer_list<Enum> choices) {
    std::vector<std::string_view> names;
    std::string list;
    for (const Enum choice : choices) {
        if (text == to_string(choice)) {
            value = choice;
            return std::nullopt;
        }
        names.push_back(to_string(choice));
        list.append(list.empty() ? "" : ", ").append(names.back());
    }
    const auto nearest = nearest_name(text, names);
    if (!nearest.empty()) list.append("; did you mean ").append(nearest).append("?");
    return "is not one of " + list;
}

bool is_loosely_true_or_false(std::string_view text) {
    constexpr std::array<std::string_view, 12> others{"yes", "no",  "on",   "off",   "Yes",  "No",
                                                      "On",  "Off", "True", "False", "TRUE", "FALSE"};
    return std::ranges::find(others, text) != others.end();
}

/// The URL without what stands before @ and behind ?, where libpq takes credentials from.
std::string without_credentials(std::string_view url) {
    const auto body = url.find("://") + 3;
    std::string_view rest = url.substr(body);
    rest = rest.substr(0, rest.find('?'));
    if (const auto at = rest.rfind('@'); at != std::string_view::npos) rest.remove_prefix(at + 1);
    return std::string(url.substr(0, body)).append(rest);
}

} // namespace

Complaint read_value(std::string_view text, std::string& value) {
    if (text.empty()) return "must not be empty";
    if (text.contains('\0')) return "holds a zero byte";
    value = text;
    return std::nullopt;
}

Complaint read_value(std::string_view text, bool& value) {
    if (text != "true" && text != "false") {
        return is_loosely_true_or_false(text) ? "must be written true or false" : "is neither true nor false";
    }
    value = text == "true";
    return std::nullopt;
}

Complaint read_value(std::string_view text, std::uint32_t& value) {
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end) return "is not a whole number from 0 to 4294967295";
    return std::nullopt;
}

Complaint read_value(std::string_view text, std::uint64_t& value) {
    const auto bytes = read_quantity(text, size_units);
    if (!bytes) return "is not a size: write bytes or a whole number with KiB, MiB or GiB, such as 16KiB";
    value = *bytes;
    return std::nullopt;
}

Complaint read_value(std::string_view text, Duration& value) {
    const auto milliseconds = read_quantity(text, duration_units);
    if (!milliseconds) return "is not a duration: write a whole number with ms, s, m or h, such as 30s";
    value = Duration(static_cast<Duration::rep>(*milliseconds));
    return std::nullopt;
}

Complaint read_value(std::string_view text, base::Money& value) {
    const auto money = base::Money::parse(text);
    if (!money) return "is not an amount: write a decimal such as \"12.50\" with at most six decimals";
    value = *money;
    return std::nullopt;
}

Complaint read_value(std::string_view text, base::Decimal& value) {
    const auto decimal = base::Decimal::parse(text);
    if (!decimal) return "is not a decimal number such as \"0.05\"";
    value = *decimal;
    return std::nullopt;
}

Complaint read_value(std::string_view text, base::Url& value) {
    auto url = base::Url::parse(text);
    if (!url) return url.error().message;
    value = std::move(*url);
    return std::nullopt;
}

Complaint read_value(std::string_view text, base::Secret& value) {
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    if (std::ranges::any_of(text, is_control)) return "holds a line end or another control character";
    value = base::Secret(std::string(text));
    return std::nullopt;
}

Complaint read_value(std::string_view text, ListenAddress& value) {
    constexpr std::size_t longest_unix_path = 107; // sun_path of unix(7), without its zero
    if (text.starts_with("unix:")) {
        const std::string_view path = text.substr(5);
        if (path.empty() || path.size() > longest_unix_path || path.contains('\0')) {
            return "needs a socket path of 1 to 107 bytes behind unix:";
        }
        value = ListenAddress{.unix_path = std::string(path)};
        return std::nullopt;
    }
    const auto colon = text.rfind(':');
    std::string_view host = text.substr(0, colon);
    if (colon == std::string_view::npos || host.empty()) {
        return "needs an address and a port, such as 127.0.0.1:8080, [::1]:8080 or unix:/run/tollgate.sock "
               "(0.0.0.0 for every IPv4 address)";
    }
    const bool bracketed = host.starts_with('[') && host.ends_with(']');
    if (bracketed) host = host.substr(1, host.size() - 2);
    if (bracketed != host.contains(':')) return "needs an IPv6 address in brackets, such as [::1]:8080";
    std::uint32_t port = 0;
    if (read_value(text.substr(colon + 1), port) || port > 65'535) return "needs a port from 0 to 65535";
    const auto is_odd = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == '/' || c == '@'; };
    if (std::ranges::any_of(host, is_odd)) return "has an address with a character that none can have";
    value = ListenAddress{.host = std::string(host), .port = static_cast<std::uint16_t>(port)};
    return std::nullopt;
}

bool is_postgresql_url(std::string_view text) {
    return text.starts_with("postgresql://") || text.starts_with("postgres://");
}

Complaint read_value(std::string_view text, std::variant<SqliteDatabase, PostgresDatabase>& value) {
    if (text.starts_with("sqlite:") && text.size() > 7 && !text.contains('\0')) {
        value = SqliteDatabase{.path = std::string(text.substr(7))};
        return std::nullopt;
    }
    if (is_postgresql_url(text)) {
        PostgresDatabase postgres{.display = without_credentials(text)};
        auto complaint = read_value(text, postgres.url);
        value = std::move(postgres);
        return complaint;
    }
    return "must be sqlite:PATH or postgresql://user:password@host:5432/name";
}

Complaint read_value(std::string_view text, Protocol& value) {
    return read_choice(text, value, {Protocol::openai, Protocol::anthropic, Protocol::gemini});
}

Complaint read_value(std::string_view text, Registration& value) {
    return read_choice(text, value, {Registration::open, Registration::invite, Registration::closed});
}

Complaint read_value(std::string_view text, LogFormat& value) {
    return read_choice(text, value, {LogFormat::automatic, LogFormat::json, LogFormat::human});
}

Complaint read_value(std::string_view text, LogLevel& value) {
    return read_choice(
        text, value,
        {LogLevel::trace, LogLevel::debug, LogLevel::info, LogLevel::warn, LogLevel::error, LogLevel::off});
}

Complaint read_value(std::string_view text, AccessLog& value) {
    return read_choice(text, value, {AccessLog::all, AccessLog::errors, AccessLog::off});
}

Complaint check_redis_url(std::string_view text) {
    constexpr std::array<std::string_view, 7> schemes{
        "redis://",          "rediss://", "redis+sentinel://", "rediss+sentinel://", "redis+cluster://",
        "rediss+cluster://", "unix:"};
    for (const std::string_view scheme : schemes) {
        if (text.starts_with(scheme) && text.size() > scheme.size()) return std::nullopt;
    }
    return "must begin with redis://, rediss://, redis+sentinel://, redis+cluster:// or unix:";
}

std::string text_of(std::uint32_t value) {
    return std::to_string(value);
}

std::string text_of(std::uint64_t bytes) {
    return write_quantity(bytes, size_units);
}

std::string text_of(Duration value) {
    return write_quantity(static_cast<std::uint64_t>(value.count()), duration_units);
}

} // namespace tollgate::config
