#include "storage/journal/call.hpp"

#include "storage/journal/record.hpp"
#include "tollgate/base/check.hpp"

#include <utility>

namespace tollgate::storage::journal {

namespace {

/// Type and fields. Not by the length in front, which may be wiped.
std::string_view body_of(std::string_view framed) {
    TG_CHECK(framed.size() > record_overhead);
    return framed.substr(record_overhead);
}

} // namespace

domain::OpenRecord opening_of(const Call& call) {
    if (call.open) return *call.open;
    auto record = decode_record(body_of(call.note.opening()));
    TG_CHECK(record && std::holds_alternative<domain::OpenRecord>(*record));
    return std::get<domain::OpenRecord>(std::move(*record));
}

} // namespace tollgate::storage::journal
