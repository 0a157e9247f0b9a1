#include "support/redis_server.hpp"

#include "support/eventually.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace tollgate::testing {

namespace {

constexpr std::uint16_t highest_cluster_port = 55'000;

std::uint16_t any_free_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* name = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket, name, size) != 0 || ::getsockname(socket, name, &size) != 0)
        throw std::runtime_error("no free port");
    ::close(socket);
    return ntohs(address.sin_port);
}

} // namespace

std::uint16_t free_port() {
    std::uint16_t port = any_free_port();
    while (port > highest_cluster_port) port = any_free_port();
    return port;
}

RedisServer::RedisServer(std::vector<std::string> options)
    : options_(std::move(options)), port_(free_port()) {
    start();
}

void RedisServer::start() {
    std::vector<std::string> arguments{
        "--port",       std::to_string(port_), "--bind", "127.0.0.1", "--dir",       directory_.path(),
        "--unixsocket", socket_path(),         "--save", "",          "--daemonize", "no"};
    arguments.insert(arguments.end(), options_.begin(), options_.end());
    process_ = std::make_unique<Process>("/usr/bin/redis-server", arguments, directory_.path());
    if (process_->wait_for("Ready to accept ", "\n").empty())
        throw std::runtime_error("redis-server does not start: " + process_->output());
}

std::string RedisServer::say(const std::vector<std::string>& words) const {
    std::vector<std::string> arguments{"-s", socket_path(), "--no-auth-warning"};
    arguments.insert(arguments.end(), words.begin(), words.end());
    std::string printed = run("/usr/bin/redis-cli", arguments, directory_.path()).output;
    while (!printed.empty() && printed.back() == '\n') printed.pop_back();
    return printed;
}

void RedisServer::kill() {
    process_->send(SIGKILL);
    process_->wait();
}

} // namespace tollgate::testing
