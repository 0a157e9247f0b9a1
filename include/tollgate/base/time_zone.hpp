// A time zone of the system's database (/usr/share/zoneinfo), loaded once: where its days begin and which day
// an instant belongs to. A cheap copy of immutable rules; any thread.
#pragma once

#include "tollgate/base/time.hpp"

#include <chrono>
#include <memory>
#include <string_view>

namespace tollgate::base {

class TimeZone {
public:
    /// UTC.
    TimeZone();

    /// Reads the zone's file. `name` is an IANA name such as "Asia/Kolkata". Error: invalid_configuration.
    static Result<TimeZone> load(std::string_view name);

    /// When the day begins: midnight, or the first instant behind it where clocks jump over midnight. Of a
    /// midnight that comes twice, the first.
    WallTime start_of(std::chrono::local_days day) const;

    /// The day that began last. So days never go back, even where clocks do.
    std::chrono::local_days day_at(WallTime now) const;

private:
    struct Rules;
    std::chrono::local_days find_day(WallTime now) const;
    explicit TimeZone(std::shared_ptr<const Rules> rules) : rules_(std::move(rules)) {}
    std::shared_ptr<const Rules> rules_;
};

} // namespace tollgate::base
