#include "tollgate/upstream/pool.hpp"

#include "tollgate/base/check.hpp"
#include "tollgate/runtime/clock.hpp"
#include "tollgate/runtime/own_frame.hpp"

#include <algorithm>

namespace tollgate::upstream {

namespace {

using base::ErrorCode;
using base::Result;
using runtime::Task;

constexpr std::chrono::seconds spare_time{55}; // below the 60 s after which many providers close
constexpr std::chrono::milliseconds no_deadline{0};

std::unexpected<base::Error> cannot_connect(ErrorCode code, std::string message) {
    return base::fail(base::Error{.code = code,
                                  .source = base::ErrorSource::upstream,
                                  .retry = base::Retry::maybe,
                                  .message = std::move(message)});
}

std::chrono::milliseconds until(base::SteadyTime deadline) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - runtime::steady_now());
    return std::max(left, std::chrono::milliseconds(1));
}

} // namespace

Lease& Lease::operator=(Lease&& other) noexcept {
    if (this != &other) {
        end();
        pool_ = std::exchange(other.pool_, nullptr);
        connection_ = std::move(other.connection_);
    }
    return *this;
}

void Lease::end() {
    if (connection_) pool_->give_back(std::move(connection_));
    pool_ = nullptr;
}

void Pool::give_back(std::unique_ptr<Connection> connection) {
    connection->stream().expires_after(no_deadline, ErrorCode::idle_timeout);
    if (provider_.keep_alive && connection->is_reusable()) {
        connection->stream().clear_interruption();
        spares_.push_back({std::move(connection), worker_.deadlines().coarse_now()});
        return;
    }
    TG_CHECK(open_ > 0);
    --open_;
}

std::unique_ptr<Connection> Pool::take_spare() {
    while (!spares_.empty()) {
        std::unique_ptr<Connection> connection = std::move(spares_.back().connection);
        spares_.pop_back();
        if (connection->stream().seems_idle_and_open()) return connection;
        --open_;
    }
    return nullptr;
}

void Pool::close_idle(base::SteadyTime now) {
    const auto is_old = [now](const Spare& spare) { return now - spare.since > spare_time; };
    open_ -= std::erase_if(spares_, is_old);
}

Lease Pool::lease_spare() {
    auto spare = take_spare();
    return spare ? Lease(*this, std::move(spare)) : Lease();
}

Task<Result<Lease>> Pool::open(runtime::Interrupter& interrupter) {
    if (open_ >= provider_.connections)
        co_return cannot_connect(ErrorCode::overloaded,
                                 "every connection to " + provider_.name + " is taken");
    ++open_;
    auto connected = co_await connect(interrupter);
    interrupter.attend(nullptr);
    if (!connected) {
        --open_;
        co_return std::unexpected(connected.error());
    }
    co_return Lease(*this, std::move(*connected));
}

TG_OWN_FRAME Task<Result<std::unique_ptr<Connection>>> Pool::connect(runtime::Interrupter& interrupter) {
    const base::SteadyTime deadline = runtime::steady_now() + provider_.timeouts.connect;
    const auto addresses =
        co_await resolver_.resolve(provider_.host, provider_.port, provider_.timeouts.connect);
    if (!addresses) co_return std::unexpected(addresses.error());
    Result<std::unique_ptr<Connection>> connected =
        cannot_connect(ErrorCode::connection_closed, provider_.host + " has no address");
    std::size_t left = addresses->size();
    for (const runtime::SocketAddress& address : *addresses) {
        // An address that swallows packets must leave time for the ones behind it.
        const base::SteadyTime share = runtime::steady_now() + until(deadline) / left--;
        connected = begin_connect(address);
        if (!connected) continue;
        interrupter.attend(&(*connected)->stream());
        connected = co_await secure(std::move(*connected), share);
        if (connected || connected.error().code == ErrorCode::client_gone) break;
    }
    co_return connected;
}

Result<std::unique_ptr<Connection>> Pool::begin_connect(const runtime::SocketAddress& address) {
    auto socket = runtime::begin_connect(address);
    if (!socket)
        return cannot_connect(socket.error().code,
                              "cannot connect to " + provider_.name + ": " + socket.error().message);
    return std::make_unique<Connection>(worker_, std::move(*socket), metrics_);
}

Task<Result<std::unique_ptr<Connection>>> Pool::secure(std::unique_ptr<Connection> connection,
                                                       base::SteadyTime deadline) {
    runtime::Stream& stream = connection->stream();
    const std::chrono::milliseconds limit = until(deadline);
    stream.expires_after(limit, ErrorCode::connect_timeout);
    auto ready = co_await stream.finish_connect();
    if (ready && provider_.tls) {
        ssl_ctx_st& tls = *provider_.tls;
        ready = co_await stream.start_tls(tls, provider_.host);
    }
    if (!ready)
        co_return cannot_connect(ready.error().code,
                                 "cannot connect to " + provider_.name + ": " + ready.error().message);
    stream.expires_after(no_deadline, ErrorCode::connect_timeout);
    co_return connection;
}

} // namespace tollgate::upstream
