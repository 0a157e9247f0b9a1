#include "storage/sqlite/database.hpp"

#include "storage/sqlite/migrations.hpp"

#include <SQLiteCpp/Exception.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace tollgate::storage::sqlite {

namespace {

constexpr std::size_t idle_reader_limit = 4;

base::Error unavailable(const std::filesystem::path& path, const std::string& reason) {
    return base::Error{.code = base::ErrorCode::storage_unavailable,
                       .source = base::ErrorSource::storage,
                       .message = "database " + path.string() + ": " + reason};
}

/// Makes the directory and an empty file that only its owner may read; SQLite gives -wal and -shm the mode of
/// the file. An existing file is left as it is and, because closing a second descriptor would drop this
/// process's locks on it, not even opened.
base::Result<void> create_file(const std::filesystem::path& path) {
    std::error_code fault;
    const auto directory = path.parent_path();
    if (!directory.empty() && std::filesystem::create_directories(directory, fault)) {
        std::filesystem::permissions(directory, std::filesystem::perms::owner_all, fault);
    }
    if (fault) return base::fail(unavailable(path, "cannot create its directory: " + fault.message()));
    const int descriptor = ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (descriptor >= 0) {
        ::close(descriptor);
    } else if (errno != EEXIST) {
        return base::fail(unavailable(path, "cannot create it: " + std::system_category().message(errno)));
    }
    return {};
}

/// Lets one process or thread at a time set a file up: SQLite does not wait its busy timeout when two switch
/// to the write-ahead log at once. The lock is on the directory and goes with the descriptor.
class SetupLock {
public:
    explicit SetupLock(const std::filesystem::path& path)
        : descriptor_(::open(path.has_parent_path() ? path.parent_path().c_str() : ".",
                             O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
        // Without the lock (an exotic file system) set-up goes on and can fail as busy, no worse.
        if (descriptor_ >= 0) static_cast<void>(::flock(descriptor_, LOCK_EX));
    }
    SetupLock(const SetupLock&) = delete;
    SetupLock& operator=(const SetupLock&) = delete;
    ~SetupLock() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }

private:
    int descriptor_;
};

/// SQLite's statistics of memory, which nobody reads, cost a lock around every allocation. Refused, without
/// harm, once SQLite is in use.
void leave_out_statistics() {
    static const int outcome = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    static_cast<void>(outcome);
}

void use_write_ahead_log(Connection& connection) {
    {
        auto mode = connection.query("PRAGMA journal_mode");
        if (mode.step() && mode.text(0) == "wal") return;
    }
    connection.execute("PRAGMA journal_mode = WAL");
}

} // namespace

base::Error describe(const std::exception& fault) {
    const auto* from_sqlite = dynamic_cast<const SQLite::Exception*>(&fault);
    const bool busy = from_sqlite != nullptr && (from_sqlite->getErrorCode() == SQLITE_BUSY ||
                                                 from_sqlite->getErrorCode() == SQLITE_LOCKED);
    return base::Error{.code = base::ErrorCode::storage_unavailable,
                       .source = base::ErrorSource::storage,
                       .retry = busy ? base::Retry::maybe : base::Retry::no,
                       .message = std::string("SQLite: ") + fault.what()};
}

Database::Database(std::filesystem::path path) : path_(std::move(path)), writer_(path_, Access::write) {}

base::Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& path, Migrate migrate) {
    leave_out_statistics();
    if (migrate == Migrate::apply) {
        if (const auto created = create_file(path); !created) return base::fail(created.error());
    } else if (std::error_code fault; !std::filesystem::exists(path, fault)) {
        return base::fail(unavailable(path, "it does not exist: run 'tollgate migrate'"));
    }
    try {
        const SetupLock lock(path);
        std::unique_ptr<Database> database(new Database(path));
        if (migrate == Migrate::apply) {
            use_write_ahead_log(database->writer_);
            auto applied = apply_migrations(database->writer_);
            if (!applied) return base::fail(unavailable(path, applied.error().message));
            database->applied_migrations_ = std::move(*applied);
            return database;
        }
        const auto pending = pending_migrations(database->writer_);
        if (!pending) return base::fail(unavailable(path, pending.error().message));
        if (!pending->empty()) {
            return base::fail(unavailable(path, "its schema is out of date: run 'tollgate migrate'"));
        }
        return database;
    } catch (const std::exception& fault) {
        return base::fail(unavailable(path, fault.what()));
    }
}

std::unique_ptr<Connection> Database::take_reader() {
    {
        const std::scoped_lock lock(readers_mutex_);
        if (!idle_readers_.empty()) {
            auto connection = std::move(idle_readers_.back());
            idle_readers_.pop_back();
            return connection;
        }
    }
    return std::make_unique<Connection>(path_, Access::read);
}

void Database::put_back(std::unique_ptr<Connection> connection) noexcept {
    const std::scoped_lock lock(readers_mutex_);
    if (idle_readers_.size() < idle_reader_limit) idle_readers_.push_back(std::move(connection));
}

} // namespace tollgate::storage::sqlite
