#include "storage/postgres/key_store.hpp"

#include "storage/postgres/key_rows.hpp"
#include "tollgate/storage/key_order.hpp"

#include <algorithm>
#include <utility>

namespace tollgate::storage::postgres {

namespace {

using domain::ApiKey;
using domain::KeyRecord;

KeyRecord read_record(const Rows& row) {
    KeyRecord record;
    record.key = read_key(row);
    record.account_disabled = row.truth(key_column_count);
    if (const auto concurrency = row.optional_integer(key_column_count + 1)) {
        record.account_concurrency = static_cast<std::uint32_t>(*concurrency);
    }
    record.secret_expires_at = row.optional_time(key_column_count + 2);
    return record;
}

bool has_row(Connection& connection, std::string_view sql, const auto& value) {
    return connection.query(sql, value).step();
}

base::Result<void> check_secret_is_new(Connection& connection, const base::Digest& secret) {
    if (!has_row(connection, "SELECT 1 FROM key_secrets WHERE hash = decode($1, 'hex')", secret)) return {};
    return base::reject(base::ErrorCode::already_exists, "there is already a key with this secret");
}

void insert_secret(Connection& connection, const base::KeyId& id, const base::Digest& secret) {
    connection.query("INSERT INTO key_secrets (hash, key_id) VALUES (decode($1, 'hex'), $2)", secret, id);
}

/// The key if it is there and may still change.
base::Result<ApiKey> find_changeable(Connection& connection, const base::KeyId& id) {
    auto key = find_key(connection, id, Lock::row);
    if (!key) return base::reject(base::ErrorCode::not_found, "there is no key " + id.text());
    if (key->state == domain::KeyState::revoked) {
        return base::reject(base::ErrorCode::conflict,
                            "key " + id.text() + " is revoked, which is final: create a new key");
    }
    return std::move(*key);
}

/// Ends the lasting secrets when the grace does, and drops those that are past their end.
void retire_secrets(Connection& connection, const ports::Rotation& rotation) {
    connection.query("UPDATE key_secrets SET expires_at = $2 "
                     "WHERE key_id = $1 AND (expires_at IS NULL OR expires_at > $2::bigint)",
                     rotation.id, rotation.now + rotation.grace);
    connection.query("DELETE FROM key_secrets WHERE key_id = $1 AND expires_at <= $2::bigint", rotation.id,
                     rotation.now);
}

std::string_view standing_sql(ports::KeyStanding standing) {
    switch (standing) {
    case ports::KeyStanding::active:
        return " AND k.state = 'active' AND (k.expires_at IS NULL OR k.expires_at > $5::bigint)";
    case ports::KeyStanding::expired: return " AND k.state = 'active' AND k.expires_at <= $5::bigint";
    case ports::KeyStanding::disabled: return " AND k.state = 'disabled'";
    case ports::KeyStanding::revoked: return " AND k.state = 'revoked'";
    }
    return "";
}

std::string list_sql(const ports::KeyFilter& filter) {
    std::string sql = "SELECT " + std::string(key_columns) + " FROM api_keys AS k";
    sql.append(totals_join(filter.sort)).append(" WHERE ");
    sql += filter.account_id ? "k.account_id = $1" : "$1::text IS NULL";
    sql += filter.after ? page_condition(filter, "$2") : " AND $2::text IS NULL";
    if (!filter.search.empty()) {
        // The prefix is the beginning of the secret: what is longer matches if it begins with the prefix.
        sql += " AND (position(lower($4) IN lower(k.name)) > 0 OR starts_with(k.prefix, $4) OR "
               "(length($4) > length(k.prefix) AND starts_with($4, k.prefix)))";
    }
    if (filter.standing) sql += standing_sql(*filter.standing);
    sql += " AND $4::text IS NOT NULL AND $5::bigint IS NOT NULL"; // given in any case
    return sql + order_clause(filter) + " LIMIT $3::bigint";
}

ports::KeyPage read_page(Connection& connection, const ports::KeyFilter& filter) {
    const std::size_t limit = std::clamp<std::size_t>(filter.limit, 1, 1000);
    auto query = connection.query(list_sql(filter), filter.account_id, filter.after, limit + 1, filter.search,
                                  filter.now);
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

/// One statement, so that all of it is of one moment: the last number, whether the asked one is still
/// covered, the server's timeline, and the changes themselves.
constexpr std::string_view changes_sql =
    "SELECT place.last, place.is_covered, storage_timeline(), c.sequence, encode(c.hash, 'hex') "
    "FROM (SELECT coalesce((SELECT max(sequence) FROM key_changes), 0) AS last, "
    "EXISTS (SELECT 1 FROM key_changes WHERE sequence <= $1::bigint) AS is_covered) AS place "
    "LEFT JOIN key_changes AS c ON c.sequence > $1::bigint AND place.is_covered ORDER BY c.sequence";

struct ChangesRead {
    ports::KeyChanges changes{};
    std::string timeline{};
};

ChangesRead read_changes(Connection& connection, std::uint64_t sequence) {
    ChangesRead read;
    auto rows = connection.query(changes_sql, sequence);
    bool is_covered = false;
    while (rows.step()) {
        read.changes.last_sequence = static_cast<std::uint64_t>(rows.integer(0));
        is_covered = rows.truth(1);
        read.timeline = rows.text(2);
        if (rows.is_null(3)) continue;
        read.changes.changes.push_back({static_cast<std::uint64_t>(rows.integer(3)), rows.digest(4)});
    }
    // A number from the future means that this is an older copy of the database.
    read.changes.complete = is_covered && sequence <= read.changes.last_sequence;
    return read;
}

} // namespace

base::Result<std::optional<KeyRecord>> PostgresKeyStore::find_by_secret(const base::Digest& secret) {
    return database_.look_up([&secret](Connection& connection) -> base::Result<std::optional<KeyRecord>> {
        static const std::string sql =
            "SELECT " + std::string(key_columns) +
            ", a.disabled, a.concurrency, s.expires_at FROM key_secrets AS s "
            "JOIN api_keys AS k ON k.id = s.key_id JOIN accounts AS a ON a.id = k.account_id "
            "WHERE s.hash = decode($1, 'hex')";
        auto query = connection.query(sql, secret);
        if (!query.step()) return std::nullopt;
        return read_record(query);
    });
}

base::Result<std::optional<ApiKey>> PostgresKeyStore::find(const base::KeyId& id) {
    return database_.look_up([&id](Connection& connection) -> base::Result<std::optional<ApiKey>> {
        return find_key(connection, id, Lock::none);
    });
}

base::Result<ports::KeyPage> PostgresKeyStore::list(const ports::KeyFilter& filter) {
    return database_.look_up([&filter](Connection& connection) -> base::Result<ports::KeyPage> {
        return read_page(connection, filter);
    });
}

base::Result<void> PostgresKeyStore::create(const ApiKey& key, const base::Digest& secret) {
    return database_.write([&key, &secret](Connection& connection) -> base::Result<void> {
        if (find_key(connection, key.id, Lock::none)) {
            return base::reject(base::ErrorCode::already_exists, "there is already a key " + key.id.text());
        }
        if (auto fresh = check_secret_is_new(connection, secret); !fresh) return fresh;
        if (!has_row(connection, "SELECT 1 FROM accounts WHERE id = $1 FOR KEY SHARE", key.account_id)) {
            return base::reject(base::ErrorCode::not_found, "there is no account " + key.account_id.text());
        }
        insert_key(connection, key);
        insert_secret(connection, key.id, secret);
        return {};
    });
}

base::Result<ApiKey> PostgresKeyStore::update(const base::KeyId& id, const domain::KeyPatch& patch) {
    return database_.write([&id, &patch](Connection& connection) -> base::Result<ApiKey> {
        auto key = find_changeable(connection, id);
        if (!key) return key;
        domain::apply_patch(*key, patch);
        ++key->generation;
        update_key(connection, *key);
        return key;
    });
}

base::Result<ApiKey> PostgresKeyStore::rotate(const ports::Rotation& rotation) {
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

base::Result<ports::KeyChanges> PostgresKeyStore::changes_since(std::uint64_t sequence) {
    auto read = database_.look_up([sequence](Connection& connection) -> base::Result<ChangesRead> {
        return read_changes(connection, sequence);
    });
    if (!read) return base::fail(read.error());
    // After a failover the numbers may stand for other changes than those that were seen.
    if (is_new_timeline(read->timeline)) {
        read->changes.complete = false;
        read->changes.changes.clear();
    }
    return std::move(read->changes);
}

bool PostgresKeyStore::is_new_timeline(const std::string& timeline) {
    const std::scoped_lock lock(mutex_);
    const std::string before = std::exchange(timeline_, timeline);
    return !before.empty() && before != timeline;
}

} // namespace tollgate::storage::postgres
