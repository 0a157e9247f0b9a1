#include "storage/sqlite/attempts.hpp"

namespace tollgate::storage::sqlite {

base::Result<std::uint64_t> SqliteAttempts::count(std::string_view subject, base::WallTime since) {
    return database_.read([&](Connection& connection) -> base::Result<std::uint64_t> {
        auto query = connection.query("SELECT count(*) FROM attempts WHERE subject = ?1 AND at >= ?2");
        query.bind(subject, since).step();
        return static_cast<std::uint64_t>(query.integer(0));
    });
}

base::Result<void> SqliteAttempts::add(std::span<const std::string> subjects, base::WallTime now) {
    return database_.write([&](Connection& connection) -> base::Result<void> {
        connection.query("DELETE FROM attempts WHERE at < ?1").bind(now - std::chrono::days(1)).run();
        for (const std::string& subject : subjects) {
            connection.query("INSERT INTO attempts (subject, at) VALUES (?1, ?2)").bind(subject, now).run();
        }
        return {};
    });
}

base::Result<void> SqliteAttempts::forget(std::string_view subject) {
    return database_.write([subject](Connection& connection) -> base::Result<void> {
        connection.query("DELETE FROM attempts WHERE subject = ?1").bind(subject).run();
        return {};
    });
}

} // namespace tollgate::storage::sqlite
