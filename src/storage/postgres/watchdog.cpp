#include "storage/postgres/watchdog.hpp"

#include "tollgate/runtime/clock.hpp"

#include <sys/socket.h>

namespace tollgate::storage::postgres {

Watchdog::Watchdog() : thread_([this](const std::stop_token& stop) { run(stop); }) {}

Watchdog::~Watchdog() {
    thread_.request_stop();
    thread_.join();
}

void Watchdog::run(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
        if (watches_.empty()) {
            changed_.wait(lock, stop, [this] { return !watches_.empty(); });
            continue;
        }
        const auto first = watches_.begin();
        const base::SteadyTime deadline = first->first;
        if (runtime::steady_now() < deadline) {
            // A new watch with an earlier deadline wakes it; a later one is looked at in time anyway.
            changed_.wait_until(lock, stop, deadline, [this, deadline] {
                return watches_.empty() || watches_.begin()->first < deadline;
            });
            continue;
        }
        // Under the lock: the socket is closed only after its watch has ended.
        first->second->has_bitten_ = true;
        ::shutdown(first->second->socket_, SHUT_RDWR);
        watches_.erase(first);
    }
}

Watchdog::Watch::Watch(Watchdog& owner, int socket, base::SteadyTime deadline)
    : owner_(owner), socket_(socket), deadline_(deadline) {
    bool is_first = false;
    {
        const std::scoped_lock lock(owner_.mutex_);
        const auto placed = owner_.watches_.emplace(deadline_, this);
        is_first = placed == owner_.watches_.begin();
    }
    if (is_first) owner_.changed_.notify_one();
}

Watchdog::Watch::~Watch() {
    const std::scoped_lock lock(owner_.mutex_);
    const auto [first, last] = owner_.watches_.equal_range(deadline_);
    for (auto each = first; each != last; ++each) {
        if (each->second != this) continue;
        owner_.watches_.erase(each);
        return;
    }
}

bool Watchdog::Watch::has_bitten() const {
    const std::scoped_lock lock(owner_.mutex_);
    return has_bitten_;
}

} // namespace tollgate::storage::postgres
