// The SQLite file of the embedded mode: one writing connection behind a mutex and a few reading ones, opened,
// migrated and lent out here. Shared by the parts of SqliteStorage; any thread may call. Other processes (the
// command line while the server runs) may have the same file open.
#pragma once

#include "storage/sqlite/connection.hpp"
#include "tollgate/base/error.hpp"
#include "tollgate/storage/migrate.hpp"

#include <exception>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace tollgate::storage::sqlite {

/// What SQLite reported: storage_unavailable with its message; a busy database may be tried again.
base::Error describe(const std::exception& fault);

class Database {
public:
    /// Opens the file, creating it (mode 0600) and its directory (mode 0700) when it may migrate. Errors:
    /// storage_unavailable, with the path and what to do.
    static base::Result<std::unique_ptr<Database>> open(const std::filesystem::path& path, Migrate migrate);

    /// Runs `work(Connection&)`, which answers a Result, in a transaction that has the write lock from its
    /// start. Commits when the result is a value, rolls back when it is an error or SQLite throws; what it
    /// throws becomes an Error. Waits up to busy_timeout for other processes.
    template <class Work>
    std::invoke_result_t<Work, Connection&> write(Work work);

    /// Runs `work(Connection&)`, which answers a Result, on one snapshot; it cannot write.
    template <class Work>
    std::invoke_result_t<Work, Connection&> read(Work work);

    /// The names of the migrations that open() applied.
    const std::vector<std::string>& applied_migrations() const { return applied_migrations_; }

private:
    // Lends a reading connection and takes it back.
    class Reader {
    public:
        explicit Reader(Database& owner) : owner_(owner), connection_(owner.take_reader()) {}
        Reader(const Reader&) = delete;
        Reader& operator=(const Reader&) = delete;
        ~Reader() { owner_.put_back(std::move(connection_)); }
        Connection& connection() { return *connection_; }

    private:
        Database& owner_;
        std::unique_ptr<Connection> connection_;
    };

    explicit Database(std::filesystem::path path);
    std::unique_ptr<Connection> take_reader();
    void put_back(std::unique_ptr<Connection> connection) noexcept;

    std::filesystem::path path_;
    std::vector<std::string> applied_migrations_;
    std::mutex writer_mutex_;
    Connection writer_; // guarded by writer_mutex_
    std::mutex readers_mutex_;
    std::vector<std::unique_ptr<Connection>> idle_readers_; // guarded by readers_mutex_
};

template <class Work>
std::invoke_result_t<Work, Connection&> Database::write(Work work) {
    try {
        const std::scoped_lock lock(writer_mutex_);
        Transaction transaction(writer_, Access::write);
        auto result = work(writer_);
        if (result) transaction.commit();
        return result;
    } catch (const std::exception& fault) {
        return base::fail(describe(fault));
    }
}

template <class Work>
std::invoke_result_t<Work, Connection&> Database::read(Work work) {
    try {
        Reader reader(*this);
        const Transaction transaction(reader.connection(), Access::read);
        return work(reader.connection());
    } catch (const std::exception& fault) {
        return base::fail(describe(fault));
    }
}

} // namespace tollgate::storage::sqlite
