// A migrated database on the server that the tests share, for each test anew.
#pragma once

#include "support/pgbouncer.hpp"
#include "support/postgres_server.hpp"
#include "tollgate/storage/postgres_storage.hpp"

namespace tollgate::testing {

inline storage::PostgresSettings settings_for(const std::string& url) {
    return {.url = base::Secret(url), .display = "postgresql:///test", .timeout = std::chrono::seconds(20)};
}

/// The name of a database with the schema and nothing in it. All tests share it in turn: emptying it is
/// faster than making one for each.
inline std::string fresh_database() {
    static const std::string name = [] {
        auto& server = PostgresServer::shared();
        const std::string made = server.create_database();
        const auto opened =
            storage::PostgresStorage::open(settings_for(server.url(made)), storage::Migrate::apply);
        if (!opened) throw std::runtime_error(opened.error().message);
        return made;
    }();
    PostgresServer::shared().execute(
        name,
        "DO $$ DECLARE tables text; BEGIN "
        "SELECT string_agg(quote_ident(relname), ', ') INTO tables FROM pg_class WHERE relkind IN ('r', "
        "'p') AND relnamespace = 'public'::regnamespace AND relname <> 'schema_migrations'; "
        "EXECUTE 'TRUNCATE ' || tables || ' RESTART IDENTITY'; END $$; "
        "INSERT INTO key_changes (sequence, hash) VALUES (0, ''); "
        "INSERT INTO ledger_horizon (id, day) VALUES (1, '0000-00-00')");
    return name;
}

/// How the gateway reaches the server.
enum class Way { direct, pooled };

inline std::unique_ptr<storage::PostgresStorage> open_storage(const std::string& name, Way way) {
    const std::string url =
        way == Way::direct ? PostgresServer::shared().url(name) : Pgbouncer::shared().url(name);
    return storage::PostgresStorage::open(settings_for(url), storage::Migrate::refuse).value();
}

} // namespace tollgate::testing
