// What the usage commands have in common: which calls are meant, and the storage that knows them. One thread.
#pragma once

#include "app/commands/commands.hpp"
#include "tollgate/config/config.hpp"
#include "tollgate/ports/ledger.hpp"
#include "tollgate/ports/storage.hpp"

#include <memory>
#include <string>

namespace tollgate::app {

struct RangeOptions {
    CommonOptions common{};
    std::string from{};
    std::string to{};
    std::string key{};
    std::string user{};

    bool is_everything() const { return from.empty() && to.empty() && key.empty() && user.empty(); }
};

/// Adds --from, --to, --key, --user and --config.
void add_range_options(CLI::App& command, RangeOptions& options);

struct UsageRange {
    config::Config config{};
    std::unique_ptr<ports::Storage> storage{};
    ports::UsageFilter filter{};
    ports::DayRange days{};
};

/// Errors: invalid_field (a day), not_found (key, user), invalid_configuration, storage_unavailable.
base::Result<UsageRange> open_range(const RangeOptions& options, const Terminal& terminal);

/// The instants at which the days begin and end in billing.time_zone.
base::Result<ports::TimeRange> times_of(const UsageRange& range);

} // namespace tollgate::app
