// Ends a wait for a server that does not answer. libpq waits for ever on a server that is frozen; at the
// deadline the watchdog shuts the connection's socket down, and the thread that waits sees a broken
// connection. One thread for a pool; a Watch lives on the stack of the thread that it guards.
#pragma once

#include "tollgate/base/time.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

namespace tollgate::storage::postgres {

class Watchdog {
public:
    Watchdog();
    Watchdog(const Watchdog&) = delete;
    Watchdog& operator=(const Watchdog&) = delete;
    ~Watchdog();

    /// While it lives, the socket is shut down at the deadline.
    class Watch {
    public:
        Watch(Watchdog& owner, int socket, base::SteadyTime deadline);
        Watch(const Watch&) = delete;
        Watch& operator=(const Watch&) = delete;
        ~Watch();
        /// Has it shut the socket down?
        bool has_bitten() const;

    private:
        friend class Watchdog;
        Watchdog& owner_;
        int socket_;
        base::SteadyTime deadline_;
        bool has_bitten_ = false; // guarded by owner_.mutex_
    };

private:
    void run(const std::stop_token& stop);

    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    std::multimap<base::SteadyTime, Watch*> watches_; // guarded by mutex_
    std::jthread thread_;
};

} // namespace tollgate::storage::postgres
