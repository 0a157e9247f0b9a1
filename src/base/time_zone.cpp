#include "tollgate/base/time_zone.hpp"

#include <algorithm>
#include <atomic>
#include <cctz/civil_time.h>
#include <cctz/time_zone.h>
#include <cstdint>
#include <string>

namespace tollgate::base {

namespace {

using std::chrono::days;
using std::chrono::local_days;

const cctz::civil_day epoch(1970, 1, 1);

bool may_be_in_zone_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
           c == '_' || c == '-' || c == '+';
}

/// Keeps names inside the database's folder: no other file is ever opened.
bool is_well_formed_name(std::string_view name) {
    return !name.empty() && name.front() != '/' && std::ranges::all_of(name, may_be_in_zone_name);
}

} // namespace

struct TimeZone::Rules {
    cctz::time_zone zone;
    std::uint64_t number = next_number(); // no two zones that were loaded have the same

    static std::uint64_t next_number() {
        static std::atomic<std::uint64_t> last{0};
        return ++last;
    }
};

TimeZone::TimeZone() : rules_(std::make_shared<const Rules>()) {}

Result<TimeZone> TimeZone::load(std::string_view name) {
    Rules rules;
    if (!is_well_formed_name(name) || !cctz::load_time_zone(std::string(name), &rules.zone)) {
        return fail(ErrorCode::invalid_configuration, ErrorSource::client,
                    "'" + std::string(name) +
                        "' is not a time zone of this system: write an IANA name such as Asia/Kolkata, and "
                        "have the package tzdata installed");
    }
    return TimeZone(std::make_shared<const Rules>(rules));
}

WallTime TimeZone::start_of(local_days day) const {
    const cctz::civil_day date = epoch + day.time_since_epoch().count();
    return cctz::convert(cctz::civil_second(date), rules_->zone);
}

local_days TimeZone::day_at(WallTime now) const {
    // Nearly every call asks for the day that the call before asked for.
    struct Known {
        std::uint64_t zone = 0;
        local_days day{};
        WallTime begin{};
        WallTime end{};
    };
    thread_local Known known;
    if (known.zone == rules_->number && known.begin <= now && now < known.end) return known.day;
    const local_days day = find_day(now);
    known = {rules_->number, day, start_of(day), start_of(day + days(1))};
    return day;
}

local_days TimeZone::find_day(WallTime now) const {
    const cctz::civil_day date(rules_->zone.lookup(now).cs);
    const local_days day(days(date - epoch));
    if (now < start_of(day)) return day - days(1);
    if (now >= start_of(day + days(1))) return day + days(1);
    return day;
}

} // namespace tollgate::base
