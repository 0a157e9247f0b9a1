// The query of a request: percent-decoded parameters, each taken once; what nobody took is refused. Lives
// during one call.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/base/time_zone.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tollgate::dashboard {

class Query {
public:
    /// Errors: invalid_field for a name that stands twice, or what is not percent-encoded UTF-8.
    static base::Result<Query> parse(std::string_view text);

    // Absent or empty: nothing. Unreadable: nothing, and a fault.
    std::optional<std::string> text(std::string_view name);
    std::optional<std::uint64_t> number(std::string_view name, std::uint64_t least, std::uint64_t most);
    std::optional<std::chrono::local_days> day(std::string_view name);

    /// The place of the value in `choices`; 0 when it is absent.
    std::size_t choice(std::string_view name, std::span<const std::string_view> choices);

    void complain(std::string_view name, std::string message);

    /// Error: invalid_field, with `param`.
    base::Result<void> finish();

private:
    std::vector<std::pair<std::string, std::string>> parameters_{};
    std::vector<bool> taken_{};
    std::optional<base::Error> fault_{};
};

/// "%2F" is "/", "+" is a blank. Nothing for a broken escape, a control character or what is not UTF-8.
std::optional<std::string> percent_decoded(std::string_view text);

} // namespace tollgate::dashboard
