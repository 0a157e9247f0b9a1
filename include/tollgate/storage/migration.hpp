// One version of a schema: a numbered file of SQL, built into the program. An applied file never changes; the
// next change is a new file. Pure values and one pure function, shared by the engines.
#pragma once

#include "tollgate/base/error.hpp"

#include <cstdint>
#include <set>
#include <span>
#include <string_view>
#include <vector>

namespace tollgate::storage {

struct Migration {
    int version = 0;
    std::string_view name{}; // "0001_keys"
    std::string_view sql{};
};

/// The known migrations that are not applied, in order. Error: storage_unavailable when one was applied that
/// this program does not know.
base::Result<std::vector<Migration>> pending_among(std::span<const Migration> known,
                                                   const std::set<std::int64_t>& applied);

} // namespace tollgate::storage
