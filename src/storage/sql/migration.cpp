#include "tollgate/storage/migration.hpp"

#include <algorithm>
#include <string>

namespace tollgate::storage {

base::Result<std::vector<Migration>> pending_among(std::span<const Migration> known,
                                                   const std::set<std::int64_t>& applied) {
    const auto unknown = std::ranges::find_if_not(applied, [known](std::int64_t version) {
        return std::ranges::find(known, version, &Migration::version) != known.end();
    });
    if (unknown != applied.end()) {
        return base::fail(base::ErrorCode::storage_unavailable, base::ErrorSource::storage,
                          "the database has schema version " + std::to_string(*unknown) +
                              ", which is newer than this program knows: run the version of tollgate that "
                              "wrote it, or a later one");
    }
    std::vector<Migration> pending;
    std::ranges::copy_if(known, std::back_inserter(pending), [&applied](const Migration& migration) {
        return !applied.contains(migration.version);
    });
    return pending;
}

} // namespace tollgate::storage
