// A blocking HTTP client that sends exactly the bytes it is told to and shows what came back as it came.
// Every wait ends within half a minute by an exception, which fails the test.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct ssl_st;

namespace tollgate::testing {

/// "http://127.0.0.1:8080", "https://…" or "unix:/path"; `authority` is the PEM file that https trusts.
struct Address {
    std::string text{};
    std::string authority{};
};

struct Response {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> fields{};
    std::string head{}; // as it came
    std::string body{}; // without the chunked coding

    /// The first field of that name, without regard to case; empty if there is none.
    std::string field(std::string_view name) const;
    std::size_t count(std::string_view name) const;
};

/// The parts of a request; what is needed besides (host, content-length) is added.
struct Request {
    std::string method = "POST";
    std::string path = "/v1/chat/completions";
    std::string key{}; // sent as Authorization: Bearer; empty: none
    std::string body{};
    std::vector<std::pair<std::string, std::string>> fields{};
};

std::string to_bytes(const Request& request);

class Client {
public:
    explicit Client(const Address& address);
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    ~Client();

    void send(std::string_view bytes);
    void send(const Request& request) { send(to_bytes(request)); }

    /// Head and whole body. A HEAD request's answer has none: read_head().
    Response read_response();
    Response read_head();
    Response call(const Request& request) {
        send(request);
        return read_response();
    }

    /// The next piece of a chunked body: one chunk; empty after the last.
    std::string read_chunk();

    /// All that comes until the peer closes; nothing if it resets the connection instead.
    std::optional<std::string> read_to_end();

    /// Has the peer closed or reset within the time?
    bool is_closed_within(std::chrono::milliseconds limit);

    /// Are bytes here already? Does not wait.
    bool has_bytes() const;

    /// Says that nothing more will be sent; reading goes on.
    void finish_sending();
    /// Leaves with a reset instead of an orderly end.
    void reset();
    /// Leaves.
    void close();

private:
    bool fill();
    std::string take_line();
    std::string take(std::size_t size);

    int socket_ = -1;
    std::shared_ptr<ssl_st> tls_;
    std::string received_;
};

} // namespace tollgate::testing
