// Keep-alive connections to one provider, on one worker, newest first, so that spare ones age and close. A
// lease is the right to use one; it closes its connection unless the connection has earned to come back.
#pragma once

#include "tollgate/runtime/interrupter.hpp"
#include "tollgate/runtime/resolver.hpp"
#include "tollgate/upstream/connection.hpp"
#include "tollgate/upstream/provider.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace tollgate::upstream {

class Pool;

class Lease {
public:
    Lease() = default;
    Lease(Pool& pool, std::unique_ptr<Connection> connection)
        : pool_(&pool), connection_(std::move(connection)) {}
    Lease(Lease&& other) noexcept
        : pool_(std::exchange(other.pool_, nullptr)), connection_(std::move(other.connection_)) {}
    Lease& operator=(Lease&& other) noexcept;
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease() { end(); }

    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_.get(); }
    explicit operator bool() const { return connection_ != nullptr; }

    /// Gives the connection back: to the pool if it is reusable, else it is closed.
    void end();

private:
    Pool* pool_ = nullptr;
    std::unique_ptr<Connection> connection_;
};

class Pool {
public:
    /// `metrics`: where open connections are counted, or nowhere.
    Pool(runtime::Worker& worker, runtime::Resolver& resolver, const Provider& provider,
         telemetry::MetricShard* metrics = nullptr)
        : worker_(worker), resolver_(resolver), provider_(provider), metrics_(metrics) {}
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    /// A connection that was used before; empty: there is none, open() one.
    Lease lease_spare();

    /// A new one. Errors: connect_timeout, connection_closed (refused, TLS), overloaded (every connection is
    /// taken), or the reason for which `interrupter` called it off; after success it attends nothing.
    runtime::Task<base::Result<Lease>> open(runtime::Interrupter& interrupter);

    std::size_t size() const { return open_; }
    const Provider& provider() const { return provider_; }

    /// Closes spare connections that have been idle too long; called by the worker now and then.
    void close_idle(base::SteadyTime now);

private:
    friend class Lease;
    struct Spare {
        std::unique_ptr<Connection> connection;
        base::SteadyTime since;
    };

    std::unique_ptr<Connection> take_spare();
    runtime::Task<base::Result<std::unique_ptr<Connection>>> connect(runtime::Interrupter& interrupter);
    runtime::Task<base::Result<std::unique_ptr<Connection>>> secure(std::unique_ptr<Connection> connection,
                                                                    base::SteadyTime deadline);
    base::Result<std::unique_ptr<Connection>> begin_connect(const runtime::SocketAddress& address);
    void give_back(std::unique_ptr<Connection> connection);

    runtime::Worker& worker_;
    runtime::Resolver& resolver_;
    const Provider& provider_;
    telemetry::MetricShard* metrics_;
    std::vector<Spare> spares_;
    std::size_t open_ = 0;
};

} // namespace tollgate::upstream
