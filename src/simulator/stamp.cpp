#include "simulator/stamp.hpp"

#include <array>
#include <cstdio>
#include <cstring>
#include <ctime>

namespace tollgate::simulator {

namespace {

/// Eleven characters of base 62 hold 64 bits.
void append_base62(std::string& out, std::uint64_t value) {
    static constexpr std::string_view digits =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    std::array<char, 11> text{};
    for (std::size_t i = text.size(); i-- > 0; value /= digits.size())
        text[i] = digits[value % digits.size()];
    out.append(text.data(), text.size());
}

std::string http_date(std::int64_t unix_seconds) {
    static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::time_t time = unix_seconds;
    std::tm parts{};
    gmtime_r(&time, &parts);
    std::array<char, 64> text{};
    const int size = std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                                   days[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                                   months[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900,
                                   parts.tm_hour, parts.tm_min, parts.tm_sec);
    return std::string(text.data(), static_cast<std::size_t>(size));
}

} // namespace

Stamp Stamp::make(std::uint64_t run, std::uint64_t number, std::int64_t unix_seconds) {
    Stamp stamp{.id = {}, .created = std::to_string(unix_seconds), .date = {}};
    append_base62(stamp.id, run);
    append_base62(stamp.id, number);
    // The date costs more than the rest of a stamp and changes once a second.
    static thread_local std::int64_t dated = -1;
    static thread_local std::string date;
    if (dated != unix_seconds) {
        date = http_date(unix_seconds);
        dated = unix_seconds;
    }
    stamp.date = date;
    return stamp;
}

Stamped::Stamped(std::string text) : text_(std::move(text)) {
    static constexpr std::string_view created_key = "\"created\":";
    find(id_placeholder, 0, Kind::id);
    find(std::string(created_key) + std::to_string(created_placeholder), created_key.size(), Kind::created);
    find(date_placeholder, 0, Kind::date);
}

void Stamped::find(std::string_view needle, std::size_t skip, Kind kind) {
    for (std::size_t at = text_.find(needle); at != std::string::npos;
         at = text_.find(needle, at + needle.size()))
        places_.push_back(Place{.offset = at + skip, .kind = kind});
}

void Stamped::append_to(std::string& out, const Stamp& stamp) const {
    const std::size_t begin = out.size();
    out.append(text_);
    for (const Place& place : places_) {
        const std::string& value = place.kind == Kind::id        ? stamp.id
                                   : place.kind == Kind::created ? stamp.created
                                                                 : stamp.date;
        std::memcpy(out.data() + begin + place.offset, value.data(), value.size());
    }
}

} // namespace tollgate::simulator
