#include "storage/postgres/pool.hpp"

#include "tollgate/runtime/clock.hpp"

#include <algorithm>

namespace tollgate::storage::postgres {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_pause{50};
constexpr milliseconds longest_pause{1000};

} // namespace

Pool::Pool(PoolSettings settings) : settings_(std::move(settings)) {
    idle_.reserve(settings_.connections);
}

std::unique_ptr<Connection> Pool::take_idle() {
    while (!idle_.empty()) {
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        if (connection->is_quiet()) return connection;
        --open_;
    }
    return nullptr;
}

bool Pool::may_connect(base::SteadyTime now) const {
    if (open_ >= settings_.connections) return false;
    return !failure_ || (!is_trying_ && now >= next_attempt_);
}

base::Result<Pool::Lease> Pool::take(base::SteadyTime deadline) {
    std::unique_lock lock(mutex_);
    while (true) {
        if (auto connection = take_idle()) return Lease(*this, std::move(connection));
        const base::SteadyTime now = runtime::steady_now();
        if (may_connect(now)) {
            ++open_;
            is_trying_ = failure_.has_value();
            lock.unlock();
            auto made = connect();
            lock.lock();
            is_trying_ = false;
            changed_.notify_all();
            if (made) return Lease(*this, std::move(*made));
            if (made.error().kind != FaultKind::crowded) return base::fail(made.error().error);
            continue;
        }
        if (failure_ && failure_->kind != FaultKind::crowded) return base::fail(failure_->error);
        if (now >= deadline) {
            return base::fail(failure_ ? failure_->error
                                       : unavailable("all " + std::to_string(settings_.connections) +
                                                     " connections are busy"));
        }
        changed_.wait_until(lock, failure_ ? std::min(deadline, std::max(next_attempt_, now + first_pause))
                                           : deadline);
    }
}

std::expected<std::unique_ptr<Connection>, Fault> Pool::connect() {
    try {
        auto connection = std::make_unique<Connection>(settings_.connection_string);
        const std::scoped_lock lock(mutex_);
        failure_.reset();
        pause_ = first_pause;
        return connection;
    } catch (const std::exception& thrown) {
        const std::scoped_lock lock(mutex_);
        failure_ = connect_fault(thrown.what(), settings_.display);
        pause_ = std::clamp(2 * pause_, first_pause, longest_pause);
        next_attempt_ = runtime::steady_now() + pause_;
        --open_;
        return std::unexpected(*failure_);
    }
}

void Pool::forget_idle() {
    std::vector<std::unique_ptr<Connection>> closing;
    {
        const std::scoped_lock lock(mutex_);
        closing.swap(idle_);
        idle_.reserve(settings_.connections);
        open_ -= closing.size();
    }
    changed_.notify_all();
}

void Pool::give_back(std::unique_ptr<Connection> connection) noexcept {
    {
        const std::scoped_lock lock(mutex_);
        idle_.push_back(std::move(connection)); // has room for every connection
    }
    changed_.notify_one();
}

void Pool::discard(std::unique_ptr<Connection> connection) noexcept {
    connection.reset();
    {
        const std::scoped_lock lock(mutex_);
        --open_;
    }
    changed_.notify_one();
}

void Pool::pause(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    const auto end = runtime::steady_now() + time;
    while (changed_.wait_until(lock, end) != std::cv_status::timeout) {
    }
}

} // namespace tollgate::storage::postgres
