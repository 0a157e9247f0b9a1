#include "tollgate/server/listener.hpp"

#include "server/connection.hpp"
#include "tollgate/runtime/spawn.hpp"
#include "tollgate/telemetry/log.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace tollgate::server {

namespace {

constexpr int accepts_at_once = 64;           // then running streams get their turn
constexpr std::size_t refusals_at_once = 256; // bounds what a flood costs
constexpr std::chrono::milliseconds out_of_descriptors_pause{100};

std::string address_text(const sockaddr_storage& peer) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (peer.ss_family == AF_INET) {
        ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(&peer)->sin_addr, text.data(),
                    text.size());
    } else if (peer.ss_family == AF_INET6) {
        ::inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6*>(&peer)->sin6_addr, text.data(),
                    text.size());
    } else {
        return "unix";
    }
    return text.data();
}

runtime::Task<> run_refusal(std::unique_ptr<Connection> connection) {
    co_await connection->turn_away();
}

runtime::Task<> run(std::unique_ptr<Connection> connection) {
    co_await connection->serve();
}

} // namespace

Listener::Listener(runtime::Worker& worker, runtime::FileDescriptor socket, http::Handler& handler,
                   ListenerOptions options)
    : worker_(worker),
      acceptor_(worker.loop(), socket.release()),
      pause_(worker.loop()),
      handler_(handler),
      options_(std::move(options)) {}

Listener::~Listener() = default;

void Listener::start() {
    accepting_ = true;
    wait_for_client();
}

void Listener::wait_for_client() {
    acceptor_.async_wait(Descriptor::wait_read, [this](const boost::system::error_code& error) {
        if (error || !accepting_) return;
        if (accept_clients()) return wait_for_client();
        // The client in the queue keeps the socket readable: waiting for it again would spin.
        pause_.expires_after(out_of_descriptors_pause);
        pause_.async_wait([this](const boost::system::error_code& stopped) {
            if (!stopped && accepting_) wait_for_client();
        });
    });
}

bool Listener::accept_clients() {
    for (int count = 0; count < accepts_at_once; ++count) {
        sockaddr_storage peer{};
        socklen_t size = sizeof peer;
        const int socket = ::accept4(acceptor_.native_handle(), reinterpret_cast<sockaddr*>(&peer), &size,
                                     SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket >= 0) {
            accept_one(socket, address_text(peer));
            continue;
        }
        if (errno == ECONNABORTED || errno == EINTR) continue;
        if (errno == EAGAIN || errno == EWOULDBLOCK) return true;
        telemetry::log_warn("cannot accept a connection",
                            {{"cause", std::string_view(std::strerror(errno))}});
        return false;
    }
    return true;
}

void Listener::accept_one(int socket, const std::string& peer) {
    runtime::FileDescriptor client(socket);
    auto pass = gate_.try_enter(options_.connections);
    if (!pass) return turn_away(std::move(client), peer);
    auto connection = std::make_unique<Connection>(*this, std::move(client), peer, std::move(*pass));
    connections_.push_back(*connection);
    runtime::spawn(worker_.loop(), run(std::move(connection)), "connection");
}

void Listener::turn_away(runtime::FileDescriptor client, const std::string& peer) {
    if (options_.tls != nullptr) return; // a handshake costs more than the answer: closed at once
    auto pass = refusals_.try_enter(refusals_at_once);
    if (!pass) return;
    auto connection = std::make_unique<Connection>(*this, std::move(client), peer, std::move(*pass));
    connections_.push_back(*connection);
    runtime::spawn(worker_.loop(), run_refusal(std::move(connection)), "refusal");
}

runtime::Task<> Listener::wait_until_empty() {
    co_await gate_.wait_until_empty();
    co_await refusals_.wait_until_empty();
}

void Listener::drain() {
    accepting_ = false;
    accept_clients(); // who is in the queue already would be reset
    gate_.close();
    refusals_.close();
    acceptor_.close();
    pause_.cancel();
    for (OpenConnection& connection : connections_) connection.finish_soon();
}

void Listener::cut() {
    for (OpenConnection& connection : connections_) connection.cut();
}

} // namespace tollgate::server
