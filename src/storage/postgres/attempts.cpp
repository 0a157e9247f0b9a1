#include "storage/postgres/attempts.hpp"

namespace tollgate::storage::postgres {

base::Result<std::uint64_t> PostgresAttempts::count(std::string_view subject, base::WallTime since) {
    return database_.look_up([&](Connection& connection) -> base::Result<std::uint64_t> {
        auto rows = connection.query("SELECT count(*) FROM attempts WHERE subject = $1 AND at >= $2::bigint",
                                     subject, since);
        rows.step();
        return static_cast<std::uint64_t>(rows.integer(0));
    });
}

base::Result<void> PostgresAttempts::add(std::span<const std::string> subjects, base::WallTime now) {
    return database_.write([&](Connection& connection) -> base::Result<void> {
        connection.query("DELETE FROM attempts WHERE at < $1::bigint", now - std::chrono::days(1));
        for (const std::string& subject : subjects) {
            connection.query("INSERT INTO attempts (subject, at) VALUES ($1, $2)", subject, now);
        }
        return {};
    });
}

base::Result<void> PostgresAttempts::forget(std::string_view subject) {
    return database_.write([subject](Connection& connection) -> base::Result<void> {
        connection.query("DELETE FROM attempts WHERE subject = $1", subject);
        return {};
    });
}

} // namespace tollgate::storage::postgres
