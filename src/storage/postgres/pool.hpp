// A bounded set of connections, lent to one thread at a time. A thread waits for one no longer than its
// deadline. While the server cannot be reached, one thread at a time tries, at growing intervals, and
// everybody else is refused at once: an outage costs callers no time and the server no storm when it is back.
// Any thread.
#pragma once

#include "storage/postgres/connection.hpp"
#include "storage/postgres/fault.hpp"
#include "storage/postgres/watchdog.hpp"

#include <condition_variable>
#include <expected>
#include <memory>
#include <mutex>
#include <vector>

namespace tollgate::storage::postgres {

struct PoolSettings {
    base::Secret connection_string{};
    std::string display{};
    std::size_t connections = 8;
};

class Pool {
public:
    explicit Pool(PoolSettings settings);
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    /// A connection on loan. Closed at the end, unless keep() said that it is as good as new.
    class Lease {
    public:
        Lease(Pool& owner, std::unique_ptr<Connection> connection)
            : owner_(&owner), connection_(std::move(connection)) {}
        Lease(Lease&& other) noexcept
            : owner_(std::exchange(other.owner_, nullptr)),
              connection_(std::move(other.connection_)),
              is_kept_(other.is_kept_) {}
        Lease& operator=(Lease&&) = delete;
        ~Lease() {
            if (owner_ == nullptr) return;
            if (is_kept_ && connection_->is_open()) {
                owner_->give_back(std::move(connection_));
            } else {
                owner_->discard(std::move(connection_));
            }
        }
        Connection& connection() { return *connection_; }
        void keep() { is_kept_ = true; }

    private:
        Pool* owner_;
        std::unique_ptr<Connection> connection_;
        bool is_kept_ = false;
    };

    /// Error: storage_unavailable.
    base::Result<Lease> take(base::SteadyTime deadline);

    /// Closes those that nobody uses: they lead to a server that is gone or no primary any more.
    void forget_idle();

    /// Between two tries of one thread.
    void pause(std::chrono::milliseconds time);

    Watchdog& watchdog() { return watchdog_; }

private:
    std::unique_ptr<Connection> take_idle();
    std::expected<std::unique_ptr<Connection>, Fault> connect();
    bool may_connect(base::SteadyTime now) const;
    void give_back(std::unique_ptr<Connection> connection) noexcept;
    void discard(std::unique_ptr<Connection> connection) noexcept;

    PoolSettings settings_;
    Watchdog watchdog_;
    std::mutex mutex_;
    std::condition_variable changed_;
    // All guarded by mutex_:
    std::vector<std::unique_ptr<Connection>> idle_;
    std::size_t open_ = 0;               // lent, idle or being made
    std::optional<Fault> failure_{};     // of the last attempt to connect
    base::SteadyTime next_attempt_{};    // not before, after a failure
    std::chrono::milliseconds pause_{0}; // after the next failure
    bool is_trying_ = false;             // after a failure one thread tries
};

} // namespace tollgate::storage::postgres
