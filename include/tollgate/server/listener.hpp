// Accepts connections on one worker and serves each until it ends. Every worker listens for itself
// (SO_REUSEPORT), so that no connection changes threads. Owned by the worker's part of the application; one
// thread, but for open_socket().
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/http/exchange.hpp"
#include "tollgate/http/handler.hpp"
#include "tollgate/runtime/drain_gate.hpp"
#include "tollgate/runtime/file_descriptor.hpp"
#include "tollgate/runtime/worker.hpp"
#include "tollgate/telemetry/metrics.hpp"

#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>

#include <cstdint>
#include <memory>
#include <string>

struct ssl_ctx_st;

namespace tollgate::server {

/// Where to listen: host and port, or a path of a Unix socket.
struct Address {
    std::string host{};
    std::uint16_t port = 0;
    std::string unix_path{};
};

/// A bound, listening, non-blocking socket. Sockets for the same TCP address may be opened once per worker.
/// Error: invalid_configuration with the address and the system's reason.
base::Result<runtime::FileDescriptor> open_socket(const Address& address);

/// The port that the system chose for port 0.
std::uint16_t bound_port(const runtime::FileDescriptor& socket);

struct ListenerOptions {
    http::ExchangeLimits limits{};
    std::size_t connections = 20'000;          // of this worker
    std::shared_ptr<ssl_ctx_st> tls{};         // empty: plain HTTP
    telemetry::MetricShard* metrics = nullptr; // where connections are counted, if anywhere
};

/// A connection as its listener sees it.
class OpenConnection
    : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
    /// Ends it if it waits for a request; else it ends after the current one.
    virtual void finish_soon() = 0;
    virtual void cut() = 0;

protected:
    ~OpenConnection() = default;
};

class Connection;

class Listener {
public:
    Listener(runtime::Worker& worker, runtime::FileDescriptor socket, http::Handler& handler,
             ListenerOptions options);
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    /// Begins to accept; on the worker's thread.
    void start();

    /// Connections that come from now on are served under this certificate; on the worker's thread.
    void use_tls(std::shared_ptr<ssl_ctx_st> tls) { options_.tls = std::move(tls); }

    /// Accepts no more, ends idle connections, lets the others finish what they do.
    void drain();

    /// Cuts every connection that is left.
    void cut();

    runtime::Task<> wait_until_empty();
    std::size_t connections() const { return gate_.count(); }
    bool is_draining() const { return gate_.is_closed(); }

private:
    friend class Connection;
    using Descriptor = boost::asio::posix::basic_stream_descriptor<runtime::Executor>;
    using Timer = boost::asio::basic_waitable_timer<
        std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>, runtime::Executor>;
    using Connections = boost::intrusive::list<OpenConnection, boost::intrusive::constant_time_size<false>>;

    void wait_for_client();
    /// False: the system gives no more connections for now.
    bool accept_clients();
    void accept_one(int socket, const std::string& peer);
    void turn_away(runtime::FileDescriptor client, const std::string& peer);

    runtime::Worker& worker_;
    Descriptor acceptor_;
    Timer pause_;
    http::Handler& handler_;
    ListenerOptions options_;
    runtime::DrainGate gate_;
    runtime::DrainGate refusals_; // beyond the limit of connections: told so, if there is a place for that
    Connections connections_;
    bool accepting_ = false;
};

} // namespace tollgate::server
