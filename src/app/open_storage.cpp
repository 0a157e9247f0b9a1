#include "app/open_storage.hpp"

#include "tollgate/storage/sqlite_storage.hpp"

namespace tollgate::app {

base::Result<std::unique_ptr<ports::Storage>> open_storage(const config::Storage& settings,
                                                           storage::Migrate migrate) {
    const auto* sqlite = std::get_if<config::SqliteDatabase>(&settings.database);
    if (sqlite == nullptr) {
        return base::fail(base::ErrorCode::not_implemented, base::ErrorSource::internal,
                          "this program was built without PostgreSQL: set storage.database to sqlite:PATH");
    }
    return storage::SqliteStorage::open(sqlite->path, migrate);
}

base::Result<std::unique_ptr<ports::Storage>> open_storage(const config::Storage& settings) {
    return open_storage(settings, settings.migrate ? storage::Migrate::apply : storage::Migrate::refuse);
}

} // namespace tollgate::app
