#include "dashboard/query.hpp"

#include "tollgate/base/json_text.hpp"
#include "tollgate/domain/purse.hpp"

#include <algorithm>
#include <charconv>

namespace tollgate::dashboard {

namespace {

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_plain_utf8(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = base::utf8_sequence_length(text);
        const auto first = static_cast<unsigned char>(text.front());
        if (length == 0 || first < 0x20 || first == 0x7f) return false;
        text.remove_prefix(length);
    }
    return true;
}

std::unexpected<base::Error> unreadable(std::string_view what) {
    return base::reject(base::ErrorCode::invalid_field, "the query cannot be read: " + std::string(what));
}

} // namespace

std::optional<std::string> percent_decoded(std::string_view text) {
    std::string decoded;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            decoded.push_back(text[at] == '+' ? ' ' : text[at]);
            continue;
        }
        if (text.size() - at < 3) return std::nullopt;
        const int high = hex_value(text[at + 1]);
        const int low = hex_value(text[at + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        decoded.push_back(static_cast<char>(high * 16 + low));
        at += 2;
    }
    if (!is_plain_utf8(decoded)) return std::nullopt;
    return decoded;
}

base::Result<Query> Query::parse(std::string_view text) {
    Query query;
    while (!text.empty()) {
        const auto end = std::min(text.find('&'), text.size());
        const std::string_view pair = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (pair.empty()) continue;
        const auto sign = pair.find('=');
        auto name = percent_decoded(pair.substr(0, sign));
        auto value =
            percent_decoded(sign == std::string_view::npos ? std::string_view{} : pair.substr(sign + 1));
        if (!name || !value) return unreadable("write other characters as %XX of UTF-8");
        if (std::ranges::find(query.parameters_, *name, &std::pair<std::string, std::string>::first) !=
            query.parameters_.end()) {
            return unreadable("a name stands twice");
        }
        query.parameters_.emplace_back(std::move(*name), std::move(*value));
    }
    query.taken_.resize(query.parameters_.size());
    return query;
}

std::optional<std::string> Query::text(std::string_view name) {
    const auto found = std::ranges::find(parameters_, name, &std::pair<std::string, std::string>::first);
    if (found == parameters_.end()) return std::nullopt;
    taken_[static_cast<std::size_t>(found - parameters_.begin())] = true;
    if (found->second.empty()) return std::nullopt;
    return found->second;
}

std::optional<std::uint64_t> Query::number(std::string_view name, std::uint64_t least, std::uint64_t most) {
    const auto written = text(name);
    if (!written) return std::nullopt;
    std::uint64_t value = 0;
    const auto [end, fault] = std::from_chars(written->data(), written->data() + written->size(), value);
    if (fault == std::errc{} && end == written->data() + written->size() && value >= least && value <= most)
        return value;
    complain(name, "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return std::nullopt;
}

std::optional<std::chrono::local_days> Query::day(std::string_view name) {
    const auto written = text(name);
    if (!written) return std::nullopt;
    const auto day = domain::parse_day(*written);
    if (!day) complain(name, "must be a day such as 2026-11-23");
    return day ? std::optional(*day) : std::nullopt;
}

std::size_t Query::choice(std::string_view name, std::span<const std::string_view> choices) {
    const auto written = text(name);
    if (!written) return 0;
    const auto found = std::ranges::find(choices, *written);
    if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
    std::string message = "must be one of";
    for (const std::string_view each : choices) message += " " + std::string(each);
    complain(name, std::move(message));
    return 0;
}

void Query::complain(std::string_view name, std::string message) {
    if (fault_) return;
    fault_ = base::Error{.code = base::ErrorCode::invalid_field,
                         .source = base::ErrorSource::client,
                         .message = std::string(name) + ": " + std::move(message),
                         .param = std::string(name)};
}

base::Result<void> Query::finish() {
    for (std::size_t index = 0; index < taken_.size(); ++index) {
        if (!taken_[index]) complain(parameters_[index].first, "is not a parameter of this call");
    }
    if (fault_) return base::fail(*fault_);
    return {};
}

} // namespace tollgate::dashboard
