#include "app/open_storage.hpp"

#include "app/shared_quota.hpp"
#include "tollgate/storage/postgres_storage.hpp"
#include "tollgate/storage/redis_keys.hpp"
#include "tollgate/storage/sqlite_storage.hpp"

namespace tollgate::app {

namespace {

constexpr std::chrono::minutes record_time{5}; // of what is published; readers fill with keys.cache_time

} // namespace

base::Result<std::unique_ptr<ports::Storage>> open_storage(const config::Storage& settings,
                                                           storage::Migrate migrate) {
    if (const auto* sqlite = std::get_if<config::SqliteDatabase>(&settings.database)) {
        return storage::SqliteStorage::open(sqlite->path, migrate);
    }
    const config::Postgresql& options = settings.postgresql;
    const auto& postgres = std::get<config::PostgresDatabase>(settings.database);
    return storage::PostgresStorage::open({.url = postgres.url,
                                           .display = postgres.display,
                                           .connections = options.connections,
                                           .connect_timeout = options.connect_timeout,
                                           .timeout = options.timeout,
                                           .listen = options.listen},
                                          migrate);
}

base::Result<std::unique_ptr<ports::Storage>> open_storage(const config::Storage& settings) {
    auto storage =
        open_storage(settings, settings.migrate ? storage::Migrate::apply : storage::Migrate::refuse);
    if (!storage || !settings.redis) return storage;
    auto redis = redis_settings(settings);
    if (!redis) return std::unexpected(redis.error());
    return storage::publish_changes(std::move(*storage), std::move(*redis), record_time);
}

} // namespace tollgate::app
