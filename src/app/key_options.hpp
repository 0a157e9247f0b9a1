// The options that describe a key, as a person writes them, and what they mean.
#pragma once

#include "tollgate/base/time_zone.hpp"
#include "tollgate/domain/key.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace tollgate::app {

/// Absent or empty: not given. "none" lifts a limit, "never" an expiry.
struct KeyOptions {
    std::optional<std::string> name{};
    std::optional<std::uint32_t> rate_limit{};
    std::optional<std::string> token_limit{};
    std::optional<std::string> concurrency{};
    std::optional<std::string> budget{};
    std::optional<std::string> budget_period{};
    std::optional<std::string> expires{};
    std::optional<std::string> on_disconnect{};
    std::vector<std::string> models{};
    std::vector<std::string> ip_allow{};
    std::vector<std::string> metadata{}; // "name=value"
    bool any_model = false;
    bool any_address = false;
    bool no_metadata = false;
};

/// Expiry must lie after `now`; a mere date ends with that day in `zone`. Error: invalid_field, naming the
/// option.
base::Result<domain::KeyPatch> to_patch(const KeyOptions& options, const base::TimeZone& zone,
                                        base::WallTime now);

/// "90s", "30m", "24h", "7d" or "0". Error: invalid_field.
base::Result<std::chrono::seconds> parse_duration(const std::string& text);

} // namespace tollgate::app
