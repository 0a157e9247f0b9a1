#include "support/http_client.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <stdexcept>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace tollgate::testing {

namespace {

constexpr int patience_s = 30;

int connect_unix(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return socket;
    ::close(socket);
    throw std::runtime_error("cannot connect to " + path);
}

int connect_tcp(const std::string& authority) {
    const auto colon = authority.rfind(':');
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(authority.substr(colon + 1))));
    ::inet_pton(AF_INET, authority.substr(0, colon).c_str(), &address.sin_addr);
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        ::close(socket);
        throw std::runtime_error("cannot connect to " + authority);
    }
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return socket;
}

std::shared_ptr<ssl_st> start_tls(int socket, const std::string& authority) {
    const std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> tls(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
    SSL_CTX_set_verify(tls.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_load_verify_locations(tls.get(), authority.c_str(), nullptr);
    std::shared_ptr<ssl_st> session(SSL_new(tls.get()), SSL_free);
    SSL_set_fd(session.get(), socket);
    if (SSL_connect(session.get()) != 1) throw std::runtime_error("TLS: no handshake");
    return session;
}

bool same_name(std::string_view left, std::string_view right) {
    return left.size() == right.size() && ::strncasecmp(left.data(), right.data(), left.size()) == 0;
}

Response parse_head(const std::string& head) {
    Response response;
    response.head = head;
    response.status = std::stoi(head.substr(9, 3));
    std::size_t at = head.find("\r\n") + 2;
    while (head.compare(at, 2, "\r\n") != 0) {
        const std::size_t end = head.find("\r\n", at);
        const std::string line = head.substr(at, end - at);
        const std::size_t colon = line.find(':');
        response.fields.emplace_back(line.substr(0, colon),
                                     line.substr(line.find_first_not_of(' ', colon + 1)));
        at = end + 2;
    }
    return response;
}

} // namespace

std::string Response::field(std::string_view name) const {
    const auto found =
        std::ranges::find_if(fields, [name](const auto& each) { return same_name(each.first, name); });
    return found == fields.end() ? std::string() : found->second;
}

std::size_t Response::count(std::string_view name) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(fields, [name](const auto& each) { return same_name(each.first, name); }));
}

std::string to_bytes(const Request& request) {
    std::string bytes = request.method + " " + request.path + " HTTP/1.1\r\nhost: gateway\r\n";
    if (!request.key.empty()) bytes += "authorization: Bearer " + request.key + "\r\n";
    if (request.method == "POST") {
        bytes += "content-length: " + std::to_string(request.body.size()) + "\r\n";
        const auto is_type = [](const auto& field) { return same_name(field.first, "content-type"); };
        if (std::ranges::none_of(request.fields, is_type)) bytes += "content-type: application/json\r\n";
    }
    for (const auto& [name, value] : request.fields) bytes.append(name).append(": ").append(value + "\r\n");
    return bytes + "\r\n" + request.body;
}

Client::Client(const Address& address) {
    if (address.text.starts_with("unix:")) {
        socket_ = connect_unix(address.text.substr(5));
    } else {
        socket_ = connect_tcp(address.text.substr(address.text.find("://") + 3));
    }
    const timeval patience{patience_s, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (address.text.starts_with("https:")) tls_ = start_tls(socket_, address.authority);
}

Client::~Client() {
    close();
}

void Client::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = tls_ ? SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size()))
                                  : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) throw std::runtime_error(std::string("send: ") + std::strerror(errno));
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

bool Client::fill() {
    std::array<char, 16384> buffer{};
    const ssize_t size = tls_ ? SSL_read(tls_.get(), buffer.data(), static_cast<int>(buffer.size()))
                              : ::recv(socket_, buffer.data(), buffer.size(), 0);
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        throw std::runtime_error("nothing came; so far: " + received_);
    if (size < 0 && !tls_) throw std::runtime_error(std::string("receive: ") + std::strerror(errno));
    if (size <= 0) return false;
    received_.append(buffer.data(), static_cast<std::size_t>(size));
    return true;
}

std::string Client::take(std::size_t size) {
    while (received_.size() < size) {
        if (!fill()) throw std::runtime_error("cut after: " + received_);
    }
    std::string taken = received_.substr(0, size);
    received_.erase(0, size);
    return taken;
}

std::string Client::take_line() {
    std::size_t end = received_.find("\r\n");
    while (end == std::string::npos) {
        if (!fill()) throw std::runtime_error("cut after: " + received_);
        end = received_.find("\r\n");
    }
    std::string line = take(end + 2);
    line.resize(end);
    return line;
}

Response Client::read_head() {
    std::size_t end = received_.find("\r\n\r\n");
    while (end == std::string::npos) {
        if (!fill()) throw std::runtime_error("closed before a head was there: " + received_);
        end = received_.find("\r\n\r\n");
    }
    return parse_head(take(end + 4));
}

Response Client::read_response() {
    Response response = read_head();
    if (same_name(response.field("transfer-encoding"), "chunked")) {
        for (std::string chunk = read_chunk(); !chunk.empty(); chunk = read_chunk()) response.body += chunk;
    } else if (response.count("content-length") == 1) {
        response.body = take(std::stoul(response.field("content-length")));
    } else if (response.status >= 200 && response.status != 204 && response.status != 304) {
        response.body = read_to_end().value_or("reset");
    }
    return response;
}

std::string Client::read_chunk() {
    const std::size_t size = std::stoul(take_line(), nullptr, 16);
    std::string chunk = take(size);
    if (!take_line().empty()) throw std::runtime_error("a chunk does not end where it should");
    return chunk;
}

std::optional<std::string> Client::read_to_end() {
    try {
        while (fill()) {
        }
    } catch (const std::runtime_error&) {
        if (errno == ECONNRESET) return std::nullopt;
        throw;
    }
    return std::exchange(received_, std::string());
}

bool Client::is_closed_within(std::chrono::milliseconds limit) {
    pollfd readable{socket_, POLLIN, 0};
    if (::poll(&readable, 1, static_cast<int>(limit.count())) <= 0) return false;
    char byte = 0;
    return ::recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0;
}

bool Client::has_bytes() const {
    pollfd readable{socket_, POLLIN, 0};
    return !received_.empty() || ::poll(&readable, 1, 0) > 0;
}

void Client::finish_sending() {
    ::shutdown(socket_, SHUT_WR);
}

void Client::reset() {
    const linger at_once{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
}

void Client::close() {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
}

} // namespace tollgate::testing
