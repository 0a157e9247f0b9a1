#include "storage/sqlite/key_store.hpp"

#include "storage/sqlite/key_rows.hpp"
#include "tollgate/storage/key_order.hpp"

#include <algorithm>
#include <utility>

namespace tollgate::storage::sqlite {

namespace {

using domain::ApiKey;
using domain::KeyRecord;

/// The trigger key_changes_pruned keeps as many.
constexpr std::uint64_t changes_kept = 100'000;

KeyRecord read_record(const Query& row) {
    KeyRecord record;
    record.key = read_key(row);
    record.account_disabled = row.integer(key_column_count) != 0;
    if (const auto concurrency = row.optional_integer(key_column_count + 1)) {
        record.account_concurrency = static_cast<std::uint32_t>(*concurrency);
    }
    record.secret_expires_at = row.optional_time(key_column_count + 2);
    return record;
}

bool has_row(Connection& connection, std::string_view sql, const auto& value) {
    return connection.query(sql).bind(value).step();
}

base::Result<void> check_secret_is_new(Connection& connection, const base::Digest& secret) {
    if (!has_row(connection, "SELECT 1 FROM key_secrets WHERE hash = ?1", secret)) return {};
    return base::reject(base::ErrorCode::already_exists, "there is already a key with this secret");
}

void insert_secret(Connection& connection, const base::KeyId& id, const base::Digest& secret) {
    connection.query("INSERT INTO key_secrets (hash, key_id) VALUES (?1, ?2)").bind(secret, id).run();
}

/// The key if it is there and may still change.
base::Result<ApiKey> find_changeable(Connection& connection, const base::KeyId& id) {
    auto key = find_key(connection, id);
    if (!key) return base::reject(base::ErrorCode::not_found, "there is no key " + id.text());
    if (key->state == domain::KeyState::revoked) {
        return base::reject(base::ErrorCode::conflict,
                            "key " + id.text() + " is revoked, which is final: create a new key");
    }
    return std::move(*key);
}

/// Ends the lasting secrets when the grace does, and drops those that are past their end.
void retire_secrets(Connection& connection, const ports::Rotation& rotation) {
    connection
        .query("UPDATE key_secrets SET expires_at = ?2 "
               "WHERE key_id = ?1 AND (expires_at IS NULL OR expires_at > ?2)")
        .bind(rotation.id, rotation.now + rotation.grace)
        .run();
    connection.query("DELETE FROM key_secrets WHERE key_id = ?1 AND expires_at <= ?2")
        .bind(rotation.id, rotation.now)
        .run();
}

std::string_view standing_sql(ports::KeyStanding standing) {
    switch (standing) {
    case ports::KeyStanding::active:
        return " AND k.state = 'active' AND (k.expires_at IS NULL OR k.expires_at > ?5)";
    case ports::KeyStanding::expired: return " AND k.state = 'active' AND k.expires_at <= ?5";
    case ports::KeyStanding::disabled: return " AND k.state = 'disabled'";
    case ports::KeyStanding::revoked: return " AND k.state = 'revoked'";
    }
    return "";
}

std::string list_sql(const ports::KeyFilter& filter) {
    std::string sql = "SELECT " + std::string(key_columns) + " FROM api_keys AS k";
    sql.append(totals_join(filter.sort)).append(" WHERE TRUE");
    if (filter.account_id) sql += " AND k.account_id = ?1";
    if (filter.after) sql += page_condition(filter, "?2");
    if (!filter.search.empty()) {
        // The prefix is the beginning of the secret: what is longer matches if it begins with the prefix.
        sql += " AND (instr(lower(k.name), lower(?4)) > 0 OR instr(k.prefix, ?4) = 1 OR "
               "(length(?4) > length(k.prefix) AND instr(?4, k.prefix) = 1))";
    }
    if (filter.standing) sql += standing_sql(*filter.standing);
    sql += " AND ?4 IS NOT NULL AND ?5 IS NOT NULL"; // bound in any case
    return sql + order_clause(filter) + " LIMIT ?3";
}

ports::KeyPage read_page(Connection& connection, const ports::KeyFilter& filter) {
    const std::size_t limit = std::clamp<std::size_t>(filter.limit, 1, 1000);
    auto query = connection.query(list_sql(filter));
    query.bind(filter.account_id, filter.after, limit + 1, filter.search, filter.now);
    ports::KeyPage page;
    while (query.step()) {
        if (page.keys.size() == limit) {
            page.next = page.keys.back().id;
            break;
        }
        page.keys.push_back(read_key(query));
    }
    return page;
}

/// The highest number ever given, also when its row is gone.
std::uint64_t last_sequence(Connection& connection) {
    auto query = connection.query("SELECT seq FROM sqlite_sequence WHERE name = 'key_changes'");
    return query.step() ? static_cast<std::uint64_t>(query.integer(0)) : 0;
}

ports::KeyChanges read_changes(Connection& connection, std::uint64_t sequence) {
    ports::KeyChanges result;
    result.last_sequence = last_sequence(connection);
    if (sequence == result.last_sequence) return result;
    // A number from the future means that the file was replaced by an older one.
    result.complete = sequence < result.last_sequence && result.last_sequence - sequence <= changes_kept;
    if (!result.complete) return result;
    auto query =
        connection.query("SELECT sequence, hash FROM key_changes WHERE sequence > ?1 ORDER BY sequence");
    query.bind(sequence);
    while (query.step()) {
        result.changes.push_back({static_cast<std::uint64_t>(query.integer(0)), query.digest(1)});
    }
    // Numbers have no gaps, so a missing row was deleted.
    result.complete = result.changes.size() == result.last_sequence - sequence;
    if (!result.complete) result.changes.clear();
    return result;
}

} // namespace

base::Result<std::optional<KeyRecord>> SqliteKeyStore::find_by_secret(const base::Digest& secret) {
    return database_.read([&secret](Connection& connection) -> base::Result<std::optional<KeyRecord>> {
        static const std::string sql =
            "SELECT " + std::string(key_columns) +
            ", a.disabled, a.concurrency, s.expires_at FROM key_secrets AS s "
            "JOIN api_keys AS k ON k.id = s.key_id JOIN accounts AS a ON a.id = k.account_id "
            "WHERE s.hash = ?1";
        auto query = connection.query(sql);
        if (!query.bind(secret).step()) return std::nullopt;
        return read_record(query);
    });
}

base::Result<std::optional<ApiKey>> SqliteKeyStore::find(const base::KeyId& id) {
    return database_.read([&id](Connection& connection) -> base::Result<std::optional<ApiKey>> {
        return find_key(connection, id);
    });
}

base::Result<ports::KeyPage> SqliteKeyStore::list(const ports::KeyFilter& filter) {
    return database_.read([&filter](Connection& connection) -> base::Result<ports::KeyPage> {
        return read_page(connection, filter);
    });
}

base::Result<void> SqliteKeyStore::create(const ApiKey& key, const base::Digest& secret) {
    return database_.write([&key, &secret](Connection& connection) -> base::Result<void> {
        if (find_key(connection, key.id)) {
            return base::reject(base::ErrorCode::already_exists, "there is already a key " + key.id.text());
        }
        if (auto fresh = check_secret_is_new(connection, secret); !fresh) return fresh;
        if (!has_row(connection, "SELECT 1 FROM accounts WHERE id = ?1", key.account_id)) {
            return base::reject(base::ErrorCode::not_found, "there is no account " + key.account_id.text());
        }
        insert_key(connection, key);
        insert_secret(connection, key.id, secret);
        return {};
    });
}

base::Result<ApiKey> SqliteKeyStore::update(const base::KeyId& id, const domain::KeyPatch& patch) {
    return database_.write([&id, &patch](Connection& connection) -> base::Result<ApiKey> {
        auto key = find_changeable(connection, id);
        if (!key) return key;
        domain::apply_patch(*key, patch);
        ++key->generation;
        update_key(connection, *key);
        return key;
    });
}

base::Result<ApiKey> SqliteKeyStore::rotate(const ports::Rotation& rotation) {
    return database_.write([&rotation](Connection& connection) -> base::Result<ApiKey> {
        auto key = find_changeable(connection, rotation.id);
        if (!key) return key;
        if (auto fresh = check_secret_is_new(connection, rotation.secret); !fresh) {
            return base::fail(std::move(fresh.error()));
        }
        retire_secrets(connection, rotation);
        insert_secret(connection, rotation.id, rotation.secret);
        key->prefix = rotation.prefix;
        key->suffix = rotation.suffix;
        ++key->generation;
        update_key(connection, *key);
        return key;
    });
}

base::Result<ports::KeyChanges> SqliteKeyStore::changes_since(std::uint64_t sequence) {
    return database_.read([sequence](Connection& connection) -> base::Result<ports::KeyChanges> {
        return read_changes(connection, sequence);
    });
}

} // namespace tollgate::storage::sqlite
