#include "simulator/server.hpp"

#include "simulator/connection.hpp"
#include "simulator/spawn.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <unistd.h>

namespace tollgate::simulator {

namespace {

using Endpoint = asio::generic::stream_protocol::endpoint;

constexpr int backlog = 4096;
constexpr std::string_view unix_scheme = "unix:";

std::unexpected<base::Error> unusable(std::string message) {
    return base::fail(base::ErrorCode::invalid_configuration, base::ErrorSource::internal,
                      std::move(message));
}

/// "127.0.0.1:8080" or "[::1]:8080".
std::optional<asio::ip::tcp::endpoint> parse_endpoint(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    std::string_view host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    const std::string_view digits = text.substr(colon + 1);
    std::uint16_t port = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (fault != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    boost::system::error_code error;
    const auto address = asio::ip::make_address(std::string(host == "localhost" ? "127.0.0.1" : host), error);
    if (error) return std::nullopt;
    return asio::ip::tcp::endpoint(address, port);
}

std::string url_of(const asio::ip::tcp::endpoint& endpoint, std::string_view scheme) {
    const std::string host = endpoint.address().to_string();
    const bool brackets = endpoint.address().is_v6();
    return std::string(scheme) + "://" + (brackets ? "[" + host + "]" : host) + ":" +
           std::to_string(endpoint.port()) + "/v1";
}

} // namespace

Server::Server(Settings settings) : service_(std::move(settings)) {
    const unsigned threads = std::max(1U, service_.settings.threads);
    for (unsigned i = 0; i < threads; ++i) workers_.push_back(std::make_unique<Worker>());
}

base::Result<std::unique_ptr<Server>> Server::start(Settings settings) {
    std::unique_ptr<Server> server(new Server(std::move(settings)));
    if (auto loaded = server->load_tls(); !loaded) return std::unexpected(loaded.error());
    if (auto listening = server->listen(); !listening) return std::unexpected(listening.error());
    server->run_threads();
    return server;
}

Server::~Server() {
    for (const auto& worker : workers_) worker->loop.stop();
    threads_.clear(); // joins
    if (!socket_path_.empty()) ::unlink(socket_path_.c_str());
    acceptor_.reset();
    // The first loop holds the accepting frame, and with it a socket that may be of another loop.
    while (!workers_.empty()) workers_.erase(workers_.begin());
}

base::Result<void> Server::load_tls() {
    const Settings& settings = service_.settings;
    if (settings.tls_certificate.empty() != settings.tls_key.empty())
        return unusable("simulator: --tls-certificate and --tls-key belong together");
    if (settings.tls_certificate.empty()) return {};
    tls_ = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
    boost::system::error_code error;
    tls_->use_certificate_chain_file(settings.tls_certificate, error);
    if (!error) tls_->use_private_key_file(settings.tls_key, asio::ssl::context::pem, error);
    if (error) return unusable("simulator: certificate or key cannot be used: " + error.message());
    return {};
}

base::Result<void> Server::listen() {
    const std::string& text = service_.settings.listen;
    Endpoint wanted;
    if (text.starts_with(unix_scheme)) {
        socket_path_ = text.substr(unix_scheme.size());
        wanted = asio::local::stream_protocol::endpoint(socket_path_);
    } else {
        const auto parsed = parse_endpoint(text);
        if (!parsed) return unusable("simulator: '" + text + "' is not ADDRESS:PORT or unix:PATH");
        wanted = *parsed;
    }
    acceptor_ = std::make_unique<Acceptor>(workers_.front()->loop);
    boost::system::error_code error;
    acceptor_->open(wanted.protocol(), error);
    if (!error) acceptor_->set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_->bind(wanted, error);
    if (!error) acceptor_->listen(backlog, error);
    if (error) return unusable("simulator: cannot listen on " + text + ": " + error.message());
    url_ = text;
    if (!socket_path_.empty()) return {};
    asio::ip::tcp::endpoint real;
    const Endpoint local = acceptor_->local_endpoint(error);
    if (error) return unusable("simulator: no local address: " + error.message());
    real.resize(local.size());
    std::copy_n(reinterpret_cast<const char*>(local.data()), local.size(),
                reinterpret_cast<char*>(real.data()));
    port_ = real.port();
    url_ = url_of(real, tls_ ? "https" : "http");
    return {};
}

Task<> Server::accept_forever() {
    Timer pause(workers_.front()->loop);
    for (std::size_t next = 0;; next = (next + 1) % workers_.size()) {
        Worker& worker = *workers_[next];
        Socket socket(worker.loop);
        boost::system::error_code error;
        auto token = asio::redirect_error(use_task, error);
        co_await acceptor_->async_accept(socket, token);
        if (!error) {
            spawn(worker.loop, serve(std::move(socket), tls_.get(), worker, service_));
            continue;
        }
        // Out of descriptors, most likely: give others time to close theirs.
        pause.expires_after(std::chrono::milliseconds(10));
        auto paused = asio::redirect_error(use_task, error);
        co_await pause.async_wait(paused);
    }
}

void Server::run_threads() {
    spawn(workers_.front()->loop, accept_forever());
    for (const auto& worker : workers_)
        threads_.emplace_back([&loop = worker->loop] {
            const auto work = asio::make_work_guard(loop);
            loop.run();
        });
}

} // namespace tollgate::simulator
