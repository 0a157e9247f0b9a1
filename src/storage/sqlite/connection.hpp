// One SQLite connection with its prepared statements, and a statement on loan. Owned by Database, used by one
// thread at a time. Both throw SQLite::Exception; Database::read and Database::write turn that into a value.
#pragma once

#include "tollgate/base/call_id.hpp"
#include "tollgate/base/digest.hpp"
#include "tollgate/base/ids.hpp"
#include "tollgate/base/money.hpp"
#include "tollgate/base/time.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3_context;
struct sqlite3_value;

namespace tollgate::storage::sqlite {

/// How long SQLite waits for another process that is writing.
inline constexpr std::chrono::milliseconds busy_timeout{5000};

class Connection;

/// A prepared statement on loan: bind, step, read; put back clean when it dies. Keep it no longer than the
/// work that asked for it, because an unfinished SELECT holds a snapshot open.
class Query {
public:
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;
    ~Query();

    /// Binds ?1, ?2, … in order. Takes whole numbers, text, Id, Digest (BLOB), CallId, Money and WallTime
    /// (both in micros) and optionals of these (absent: NULL).
    template <class... Values>
    Query& bind(const Values&... values) {
        int index = 0;
        (bind_at(++index, values), ...);
        return *this;
    }

    /// The same without copies of texts: for values that live until the statement has run.
    template <class... Values>
    Query& lend(const Values&... values) {
        int index = 0;
        (lend_at(++index, values), ...);
        return *this;
    }

    /// Back to the start, for the next row of many: bind all values anew.
    Query& again();

    /// Moves to the next row; false after the last one.
    bool step();

    /// Executes a statement that yields no rows; answers how many rows it changed.
    std::int64_t run();

    // The columns of the current row, counted from 0.
    int columns() const;
    bool is_null(int column) const;
    std::int64_t integer(int column) const;
    std::string text(int column) const;
    bool is_blob(int column) const;
    /// Of a text or a blob, until the next step.
    std::string_view bytes(int column) const;
    std::string call_id(int column) const;
    base::Digest digest(int column) const; // throws if the blob is not 32 bytes long
    base::Money money(int column) const { return base::Money::of_micros(integer(column)); }
    base::WallTime time(int column) const {
        return base::WallTime(std::chrono::microseconds(integer(column)));
    }
    std::optional<std::int64_t> optional_integer(int column) const;
    std::optional<base::Money> optional_money(int column) const;
    std::optional<base::WallTime> optional_time(int column) const;

private:
    friend class Connection;
    Query(Connection& owner, std::unique_ptr<SQLite::Statement>& home);

    void bind_at(int index, std::int64_t value);
    void bind_at(int index, std::uint64_t value); // throws above INT64_MAX
    void bind_at(int index, std::string_view value);
    void bind_at(int index, const std::string& value) { bind_at(index, std::string_view(value)); }
    void bind_at(int index, const char* value) { bind_at(index, std::string_view(value)); }
    void bind_at(int index, const base::Digest& value);
    void bind_at(int index, const base::CallId& value);
    void bind_at(int index, base::Money value) { bind_at(index, value.micros()); }
    void bind_at(int index, base::WallTime value) { bind_at(index, value.time_since_epoch().count()); }
    void bind_null(int index);

    template <std::signed_integral Number>
    void bind_at(int index, Number value) {
        bind_at(index, static_cast<std::int64_t>(value));
    }
    template <std::unsigned_integral Number>
    void bind_at(int index, Number value) {
        bind_at(index, static_cast<std::uint64_t>(value));
    }
    template <class Tag>
    void bind_at(int index, const base::Id<Tag>& value) {
        bind_at(index, std::string_view(value.text()));
    }
    template <class Value>
    void bind_at(int index, const std::optional<Value>& value) {
        if (value) {
            bind_at(index, *value);
        } else {
            bind_null(index);
        }
    }

    void lend_at(int index, const std::string& value);
    void lend_at(int index, const base::CallId& value);
    template <class Tag>
    void lend_at(int index, const base::Id<Tag>& value) {
        lend_at(index, value.text());
    }
    template <class Value>
    void lend_at(int index, const Value& value) {
        bind_at(index, value);
    }

    Connection& owner_;
    std::unique_ptr<SQLite::Statement>& home_; // where it is put back
    std::unique_ptr<SQLite::Statement> statement_;
};

enum class Access { read, write };

class Connection {
public:
    /// Opens an existing file and sets the pragmas that every connection needs.
    Connection(const std::filesystem::path& path, Access access);

    /// The statement for `sql`, prepared on first use and kept.
    Query query(std::string_view sql);

    /// A function of one value for SQL on this connection.
    void add_function(const char* name, void (*function)(sqlite3_context*, int, sqlite3_value**));

    /// Runs any number of statements without parameters.
    void execute(const std::string& sql);

    /// Rows changed by the statement that ran last.
    std::int64_t last_changes() const;
    /// The rowid that the last INSERT made.
    std::int64_t last_rowid() const;

private:
    friend class Query;

    SQLite::Database database_;
    std::map<std::string, std::unique_ptr<SQLite::Statement>, std::less<>> statements_; // null: on loan
};

/// BEGIN … COMMIT on a connection; rolls back unless committed.
class Transaction {
public:
    /// Access::write takes the write lock at once (BEGIN IMMEDIATE), so that it never has to give up midway.
    Transaction(Connection& connection, Access access);
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();
    void commit();

private:
    Connection& connection_;
    bool open_ = true;
};

} // namespace tollgate::storage::sqlite
