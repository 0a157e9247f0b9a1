// The simulator as an object: listens, runs its threads, stops when destroyed. The program has one; tests
// start their own in-process.
#pragma once

#include "simulator/service.hpp"
#include "simulator/settings.hpp"
#include "simulator/worker.hpp"

#include "tollgate/base/error.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace tollgate::simulator {

class Server {
public:
    /// Listens and serves at once. Error: invalid_configuration for an address that cannot be had or
    /// unreadable TLS files.
    static base::Result<std::unique_ptr<Server>> start(Settings settings);

    /// Stops, closes every connection and joins.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// "http://127.0.0.1:40123/v1", with the real port; "unix:PATH" for a Unix socket.
    const std::string& url() const { return url_; }
    /// 0 for a Unix socket.
    std::uint16_t port() const { return port_; }
    Service& service() { return service_; }

private:
    using Acceptor = asio::basic_socket_acceptor<asio::generic::stream_protocol, Executor>;

    explicit Server(Settings settings);
    base::Result<void> load_tls();
    base::Result<void> listen();
    Task<> accept_forever();
    void run_threads();

    Service service_; // before the workers: frames that die with a loop still refer to it
    std::unique_ptr<asio::ssl::context> tls_;
    std::vector<std::unique_ptr<Worker>> workers_;
    std::unique_ptr<Acceptor> acceptor_;
    std::vector<std::jthread> threads_;
    std::string url_;
    std::uint16_t port_ = 0;
    std::string socket_path_;
};

} // namespace tollgate::simulator
