#include "storage/journal/call.hpp"

#include "storage/journal/record.hpp"
#include "tollgate/base/check.hpp"

#include <utility>

namespace tollgate::storage::journal {

namespace {

/// Not by the length in front, which may be wiped.
template <class Fields>
Fields decode(std::string_view framed) {
    TG_CHECK(framed.size() > record_overhead);
    auto record = decode_record(framed.substr(record_overhead));
    TG_CHECK(record && std::holds_alternative<Fields>(*record));
    return std::get<Fields>(std::move(*record));
}

} // namespace

domain::OpenRecord opening_of(const Call& call) {
    return call.open ? *call.open : decode<domain::OpenRecord>(call.note.opening());
}

domain::UsageEvent take_event(Call& call) {
    if (const auto event = std::exchange(call.event, nullptr)) return std::move(*event);
    return decode<domain::UsageEvent>(call.note.end());
}

} // namespace tollgate::storage::journal
