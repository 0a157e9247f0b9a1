// A simulator in this process and a blocking client for it, written with system calls: a third HTTP that
// shares no code with the one under test. One thread.
#pragma once

#include "simulator/server.hpp"

#include <nlohmann/json.hpp>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tollgate::simulator {

inline std::unique_ptr<Server> start_server(Settings settings = {}) {
    auto server = Server::start(std::move(settings));
    if (!server) throw std::runtime_error(server.error().message);
    return std::move(*server);
}

/// How the server ended the connection.
enum class Closing { orderly, reset };

struct Response {
    int status = 0;
    std::string head{};
    std::string body{}; // chunked coding removed
    std::size_t chunks = 0;
};

/// Five seconds without a byte fail the test by an exception.
class Client {
public:
    explicit Client(const Server& server) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(server.port());
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const timeval patience{.tv_sec = 5, .tv_usec = 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            throw std::runtime_error("cannot connect");
    }
    ~Client() { leave(); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    void leave() {
        if (socket_ >= 0) ::close(std::exchange(socket_, -1));
    }

    void send(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) throw std::runtime_error("cannot send");
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }

    void request(std::string_view method, std::string_view target, std::string_view body = {},
                 std::string_view headers = {}) {
        std::string bytes =
            std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nhost: simulator\r\n";
        bytes.append(headers);
        if (method == "POST") bytes += "content-length: " + std::to_string(body.size()) + "\r\n";
        send(bytes.append("\r\n").append(body));
    }

    /// One whole answer; what came behind it stays for the next call.
    Response read_response() {
        Response response;
        response.head = take_until("\r\n\r\n");
        response.status = std::stoi(response.head.substr(9, 3));
        if (response.head.find("transfer-encoding: chunked") == std::string::npos) {
            response.body = take(length_in(response.head));
            return response;
        }
        for (;;) {
            const std::string size = take_until("\r\n");
            const std::size_t bytes = std::stoul(size, nullptr, 16);
            const std::string piece = take(bytes);
            take(2);
            if (bytes == 0) return response;
            response.body += piece;
            ++response.chunks;
        }
    }

    Response post(std::string_view target, std::string_view body, std::string_view headers = {}) {
        request("POST", target, body, headers);
        return read_response();
    }

    /// Everything until the server ends the connection, and how it did.
    std::pair<std::string, Closing> read_to_end() {
        for (;;) {
            const ssize_t got = receive();
            if (got > 0) continue;
            if (got < 0 && errno != ECONNRESET) throw std::runtime_error("nothing came");
            return {std::exchange(unread_, {}), got == 0 ? Closing::orderly : Closing::reset};
        }
    }

    std::string take_until(std::string_view end) {
        for (;;) {
            const std::size_t at = unread_.find(end);
            if (at != std::string::npos) return take(at + end.size());
            if (receive() <= 0) throw std::runtime_error("the answer broke off: " + unread_);
        }
    }

    std::string take(std::size_t bytes) {
        while (unread_.size() < bytes)
            if (receive() <= 0) throw std::runtime_error("the answer broke off: " + unread_);
        std::string taken = unread_.substr(0, bytes);
        unread_.erase(0, bytes);
        return taken;
    }

private:
    static std::size_t length_in(const std::string& head) {
        static constexpr std::string_view name = "content-length: ";
        const std::size_t at = head.find(name);
        return at == std::string::npos ? 0 : std::stoul(head.substr(at + name.size()));
    }

    ssize_t receive() {
        char bytes[4096];
        const ssize_t got = ::recv(socket_, bytes, sizeof bytes, 0);
        if (got > 0) unread_.append(bytes, static_cast<std::size_t>(got));
        return got;
    }

    int socket_;
    std::string unread_;
};

/// A chat call for a model, whose name may carry directives.
inline std::string chat(std::string_view model, std::string_view more = "") {
    return "{\"model\":\"" + std::string(model) +
           "\",\"messages\":[{\"role\":\"user\",\"content\":\"Good day\"}]" + std::string(more) + "}";
}

inline constexpr std::string_view streamed = ",\"stream\":true";

/// The JSON of the events of a stream; "[DONE]" is left out.
inline std::vector<nlohmann::json> events_of(std::string_view body) {
    std::vector<nlohmann::json> events;
    for (std::size_t at = body.find("data: "); at != std::string_view::npos;
         at = body.find("data: ", at + 1)) {
        const std::string_view data = body.substr(at + 6, body.find("\n\n", at) - at - 6);
        if (data != "[DONE]") events.push_back(nlohmann::json::parse(data));
    }
    return events;
}

/// Asks the log until the last record has ended; the server's thread needs a moment to notice.
inline Record last_record(Server& server) {
    for (int patience = 0; patience < 1'000'000; ++patience) {
        auto records = server.service().records.find({});
        if (!records.empty() && !records.back().open) return std::move(records.back());
        std::this_thread::yield();
    }
    throw std::runtime_error("the request did not end");
}

} // namespace tollgate::simulator
