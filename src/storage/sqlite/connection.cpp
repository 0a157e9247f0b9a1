#include "storage/sqlite/connection.hpp"

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Exception.h>

#include <cstring>
#include <limits>
#include <utility>

namespace tollgate::storage::sqlite {

namespace {

int open_flags(Access access) {
    const int mode = access == Access::write ? SQLite::OPEN_READWRITE : SQLite::OPEN_READONLY;
    // One thread at a time uses a connection: SQLite's own mutex would only cost.
    return mode | SQLite::OPEN_NOMUTEX;
}

} // namespace

Query::Query(Connection& owner, std::unique_ptr<SQLite::Statement>& home)
    : owner_(owner), home_(home), statement_(std::move(home)) {}

Query::~Query() {
    // The result code repeats the error of the last step, which was thrown there.
    static_cast<void>(statement_->tryReset());
    try {
        statement_->clearBindings();
    } catch (const std::exception&) {
        return; // not clean: prepared again the next time
    }
    home_ = std::move(statement_);
}

void Query::bind_at(int index, std::int64_t value) {
    statement_->bind(index, value);
}

void Query::bind_at(int index, std::uint64_t value) {
    if (!std::in_range<std::int64_t>(value)) {
        throw SQLite::Exception("a number above 9223372036854775807 does not fit into a column");
    }
    statement_->bind(index, static_cast<std::int64_t>(value));
}

void Query::bind_at(int index, std::string_view value) {
    statement_->bind(index, std::string(value));
}

void Query::lend_at(int index, const std::string& value) {
    statement_->bindNoCopy(index, value);
}

void Query::bind_at(int index, const base::Digest& value) {
    statement_->bind(index, value.bytes.data(), static_cast<int>(value.bytes.size()));
}

void Query::bind_at(int index, const base::CallId& value) {
    if (!value.is_packed()) return bind_at(index, value.text());
    statement_->bind(index, value.bytes().data(), static_cast<int>(value.bytes().size()));
}

void Query::lend_at(int index, const base::CallId& value) {
    if (!value.is_packed()) return bind_at(index, value.text());
    statement_->bindNoCopy(index, value.bytes().data(), static_cast<int>(value.bytes().size()));
}

void Query::bind_null(int index) {
    statement_->bind(index);
}

Query& Query::again() {
    // The result code repeats the error of the last step, which was thrown there.
    static_cast<void>(statement_->tryReset());
    return *this;
}

bool Query::step() {
    return statement_->executeStep();
}

std::int64_t Query::run() {
    while (statement_->executeStep()) {
    }
    return owner_.last_changes();
}

int Query::columns() const {
    return statement_->getColumnCount();
}

bool Query::is_null(int column) const {
    return statement_->isColumnNull(column);
}

std::int64_t Query::integer(int column) const {
    return statement_->getColumn(column).getInt64();
}

std::string Query::text(int column) const {
    return statement_->getColumn(column).getString();
}

bool Query::is_blob(int column) const {
    return statement_->getColumn(column).isBlob();
}

std::string_view Query::bytes(int column) const {
    const SQLite::Column value = statement_->getColumn(column);
    const void* start = value.getBlob();
    return {static_cast<const char*>(start), static_cast<std::size_t>(value.getBytes())};
}

std::string Query::call_id(int column) const {
    return is_blob(column) ? base::unpack_call_id(bytes(column)) : text(column);
}

base::Digest Query::digest(int column) const {
    const SQLite::Column value = statement_->getColumn(column);
    base::Digest digest;
    if (!std::cmp_equal(value.getBytes(), digest.bytes.size())) {
        throw SQLite::Exception("a stored digest is not 32 bytes long");
    }
    std::memcpy(digest.bytes.data(), value.getBlob(), digest.bytes.size());
    return digest;
}

std::optional<std::int64_t> Query::optional_integer(int column) const {
    if (is_null(column)) return std::nullopt;
    return integer(column);
}

std::optional<base::Money> Query::optional_money(int column) const {
    if (is_null(column)) return std::nullopt;
    return money(column);
}

std::optional<base::WallTime> Query::optional_time(int column) const {
    if (is_null(column)) return std::nullopt;
    return time(column);
}

Connection::Connection(const std::filesystem::path& path, Access access)
    : database_(path.string(), open_flags(access), static_cast<int>(busy_timeout.count())) {
    database_.exec("PRAGMA foreign_keys = ON");
    database_.exec("PRAGMA temp_store = MEMORY");
    // Keys and money: a commit that was answered survives a power cut.
    database_.exec("PRAGMA synchronous = FULL");
    if (access == Access::read) return;
    // The ends of the ledger's trees stay in memory, but no more: SQLite looks at every page that it keeps
    // when it commits. A page that many batches fill goes from the log into the file once.
    database_.exec("PRAGMA cache_size = -4096");
    database_.exec("PRAGMA wal_autocheckpoint = 4000");
}

Query Connection::query(std::string_view sql) {
    auto found = statements_.find(sql);
    if (found == statements_.end()) found = statements_.try_emplace(std::string(sql)).first;
    if (found->second == nullptr)
        found->second = std::make_unique<SQLite::Statement>(database_, found->first);
    return Query(*this, found->second);
}

void Connection::add_function(const char* name, void (*function)(sqlite3_context*, int, sqlite3_value**)) {
    constexpr bool is_deterministic = true;
    database_.createFunction(name, 1, is_deterministic, nullptr, function);
}

void Connection::execute(const std::string& sql) {
    database_.exec(sql);
}

std::int64_t Connection::last_changes() const {
    return database_.getChanges();
}

std::int64_t Connection::last_rowid() const {
    return database_.getLastInsertRowid();
}

Transaction::Transaction(Connection& connection, Access access) : connection_(connection) {
    connection_.query(access == Access::write ? "BEGIN IMMEDIATE" : "BEGIN DEFERRED").run();
}

Transaction::~Transaction() {
    if (!open_) return;
    try {
        connection_.execute("ROLLBACK");
    } catch (const std::exception&) {
        // SQLite has rolled back by itself (disk full, I/O error): there is nothing left to undo.
    }
}

void Transaction::commit() {
    connection_.query("COMMIT").run();
    open_ = false;
}

} // namespace tollgate::storage::sqlite
