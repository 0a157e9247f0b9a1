#include "storage/postgres/connection.hpp"

#include <pqxx/nontransaction>

#include <charconv>
#include <poll.h>
#include <stdexcept>

namespace tollgate::storage::postgres {

namespace {

std::uint8_t nibble(char c) {
    if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
    throw std::runtime_error("a stored digest is not hexadecimal");
}

} // namespace

std::int64_t Rows::integer(int column) const {
    const pqxx::field value = field(column);
    const char* end = value.c_str() + value.size();
    std::int64_t number = 0;
    const auto [stop, fault] = std::from_chars(value.c_str(), end, number);
    if (fault != std::errc() || stop != end) throw std::runtime_error("a stored number does not fit");
    return number;
}

base::Digest Rows::digest(int column) const {
    const std::string hex = text(column);
    base::Digest digest;
    if (hex.size() != 2 * digest.bytes.size())
        throw std::runtime_error("a stored digest is not 32 bytes long");
    for (std::size_t index = 0; index < digest.bytes.size(); ++index) {
        digest.bytes[index] =
            static_cast<std::uint8_t>(nibble(hex[2 * index]) << 4U | nibble(hex[2 * index + 1]));
    }
    return digest;
}

std::optional<std::int64_t> Rows::optional_integer(int column) const {
    if (is_null(column)) return std::nullopt;
    return integer(column);
}

std::optional<base::Money> Rows::optional_money(int column) const {
    if (is_null(column)) return std::nullopt;
    return money(column);
}

std::optional<base::WallTime> Rows::optional_time(int column) const {
    if (is_null(column)) return std::nullopt;
    return time(column);
}

Connection::Connection(const base::Secret& connection_string)
    : connection_(std::string(connection_string.expose())), no_notices_(connection_) {}

void Connection::demand_open() const {
    // Before libpqxx finds out by itself and connects again, outside of the transaction.
    if (!connection_.is_open()) throw pqxx::broken_connection("the connection to the server was lost");
}

Rows Connection::execute(const std::string& sql) {
    demand_open();
    pqxx::nontransaction work(connection_);
    return Rows(work.exec(sql));
}

Rows Connection::run(const std::string& sql, const Parameters& parameters) {
    demand_open();
    const auto pointers = parameters.pointers();
    pqxx::nontransaction work(connection_);
    return Rows(work.exec_params(sql, pqxx::prepare::make_dynamic_params(pointers)));
}

bool Connection::is_quiet() const {
    if (!is_open()) return false;
    pollfd waiting{.fd = socket(), .events = POLLIN, .revents = 0};
    return ::poll(&waiting, 1, 0) == 0;
}

} // namespace tollgate::storage::postgres
