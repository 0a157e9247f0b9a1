// One connection to the server and the rows that a statement yields. Owned by Pool, used by one thread at a
// time. Both throw what libpqxx throws; Database turns that into a value. A connection that broke stays
// broken: libpqxx's own reconnecting would lose a transaction without a word.
#pragma once

#include "storage/postgres/parameters.hpp"
#include "tollgate/base/secret.hpp"

#include <pqxx/connection>
#include <pqxx/errorhandler>
#include <pqxx/result>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tollgate::storage::postgres {

/// The rows of one statement; begins before the first.
class Rows {
public:
    explicit Rows(const pqxx::result& result) : result_(result) {}

    /// Moves to the next row; false after the last one.
    bool step() { return ++next_ <= result_.size(); }
    std::int64_t changes() const { return static_cast<std::int64_t>(result_.affected_rows()); }

    // The columns of the current row, counted from 0.
    int columns() const { return static_cast<int>(result_.columns()); }
    bool is_null(int column) const { return field(column).is_null(); }
    std::string text(int column) const { return field(column).c_str(); }
    std::int64_t integer(int column) const; // throws if it is none
    bool truth(int column) const { return *field(column).c_str() == 't'; }
    base::Digest digest(int column) const; // of encode(…, 'hex')
    base::Money money(int column) const { return base::Money::of_micros(integer(column)); }
    base::WallTime time(int column) const {
        return base::WallTime(std::chrono::microseconds(integer(column)));
    }
    std::optional<std::int64_t> optional_integer(int column) const;
    std::optional<base::Money> optional_money(int column) const;
    std::optional<base::WallTime> optional_time(int column) const;

private:
    pqxx::field field(int column) const {
        return result_[next_ - 1][static_cast<pqxx::row_size_type>(column)];
    }

    pqxx::result result_;
    pqxx::result_size_type next_ = 0;
};

class Connection {
public:
    /// Connects. Throws pqxx::broken_connection with libpq's words.
    explicit Connection(const base::Secret& connection_string);

    /// Runs one statement with $1, $2, … and fetches all of its rows.
    template <class... Values>
    Rows query(std::string_view sql, const Values&... values) {
        return run(std::string(sql), Parameters(values...));
    }

    /// Runs any number of statements without parameters; the rows are those of the last one.
    Rows execute(const std::string& sql);

    int socket() const { return connection_.sock(); }
    bool is_open() const { return connection_.is_open(); }
    /// False: the server has closed it, or said something that nobody asked for.
    bool is_quiet() const;

    pqxx::connection& driver() { return connection_; }

private:
    Rows run(const std::string& sql, const Parameters& parameters);
    void demand_open() const;

    pqxx::connection connection_;
    pqxx::quiet_errorhandler no_notices_; // they would go to the standard error
};

} // namespace tollgate::storage::postgres
