// A provider for measurements: one thread, epoll, no checks. What is wanted stands in the request's body as
// "bench nonce=N chunks=C interval_us=I ": without chunks a completion of about 640 bytes with usage, else an
// event stream of C chunks of about 180 bytes at that interval, each with its number and the CLOCK_MONOTONIC
// time at which it was made, then the finish, usage and [DONE].
//   bench_provider [PORT]     prints the port it listens on
#include "wire.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <queue>
#include <unordered_map>
#include <utility>
#include <vector>

namespace {

using bench::MessageReader;
using bench::Nanoseconds;

std::string formatted(const char* format, auto... values) {
    std::array<char, 1024> text{};
    const int size = std::snprintf(text.data(), text.size(), format, values...);
    return {text.data(), static_cast<std::size_t>(size)};
}

std::string plain_answer(std::int64_t nonce) {
    const std::string body = formatted(
        R"({"id":"chatcmpl-bench","object":"chat.completion","created":1700000000,"model":"gpt-bench","choices":[)"
        R"({"index":0,"message":{"role":"assistant","content":"nonce=%016lld The quick brown fox jumps over the lazy )"
        R"(dog, and the slow red hen looks on from the fence and wonders what all the hurry is about. Then it rains, and )"
        R"(all of them go home."},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":25,)"
        R"("completion_tokens":48,"total_tokens":73,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},)"
        R"("completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0}},"system_fingerprint":"fp_bench"})",
        static_cast<long long>(nonce));
    return formatted("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %zu\r\n\r\n",
                     body.size()) +
           body;
}

constexpr const char* stream_head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
                                    "cache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n";

void append_chunk(std::string& out, const std::string& event) {
    out += formatted("%zx\r\n", event.size()) + event + "\r\n";
}

std::string piece_of_stream(std::int64_t nonce, std::int64_t number) {
    return formatted(
        R"(data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","model":"gpt-bench","choices":[{"index":0,)"
        R"("delta":{"content":"nonce=%016lld seq=%06lld at=%016lld "},"finish_reason":null}]})"
        "\n\n",
        static_cast<long long>(nonce), static_cast<long long>(number),
        static_cast<long long>(bench::monotonic_now()));
}

std::string end_of_stream(std::int64_t chunks) {
    std::string out;
    append_chunk(
        out,
        R"(data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","model":"gpt-bench","choices":[{"index":0,)"
        R"("delta":{},"finish_reason":"stop"}]})"
        "\n\n");
    append_chunk(
        out,
        formatted(
            R"(data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","model":"gpt-bench","choices":[],)"
            R"("usage":{"prompt_tokens":25,"completion_tokens":%lld,"total_tokens":%lld}})"
            "\n\n",
            static_cast<long long>(chunks), static_cast<long long>(chunks + 25)));
    append_chunk(out, "data: [DONE]\n\n");
    return out + "0\r\n\r\n";
}

struct Connection {
    int socket = -1;
    std::uint64_t serial = 0; // of the connection: a timer may outlive it
    MessageReader reader{};
    std::string body{};
    std::string unsent{};
    std::int64_t nonce = 0;
    std::int64_t chunks = 0;
    std::int64_t sent = 0;
    Nanoseconds interval = 0;
};

struct Timer {
    Nanoseconds when = 0;
    std::uint64_t serial = 0;
    bool operator>(const Timer& other) const { return when > other.when; }
};

class Provider {
public:
    explicit Provider(std::uint16_t port) : epoll_(::epoll_create1(0)) {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(port);
        socklen_t size = sizeof address;
        if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
            ::listen(listener_, 8192) != 0)
            bench::die(std::string("cannot listen: ") + std::strerror(errno));
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
        std::printf("%d\n", ntohs(address.sin_port));
        std::fflush(stdout);
        watch(listener_, 0, EPOLLIN, EPOLL_CTL_ADD);
    }

    [[noreturn]] void run() {
        std::array<epoll_event, 512> events{};
        for (;;) {
            const Nanoseconds deadline = timers_.empty() ? 0 : timers_.top().when;
            const int count = bench::wait_for_events(epoll_, events.data(), 512, deadline);
            for (int index = 0; index < count; ++index) {
                const epoll_event& event = events[static_cast<std::size_t>(index)];
                if (event.data.u64 == 0) {
                    accept_all();
                } else if (const auto found = connections_.find(event.data.u64);
                           found != connections_.end()) {
                    serve(*found->second);
                }
            }
            fire_timers();
        }
    }

private:
    void watch(int socket, std::uint64_t serial, std::uint32_t wanted, int operation) {
        epoll_event event{.events = wanted, .data = {.u64 = serial}};
        ::epoll_ctl(epoll_, operation, socket, &event);
    }

    void accept_all() {
        for (;;) {
            const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK);
            if (socket < 0) return;
            const int on = 1;
            ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            auto connection = std::make_unique<Connection>();
            connection->socket = socket;
            connection->serial = ++serials_;
            watch(socket, serials_, EPOLLIN, EPOLL_CTL_ADD);
            connections_.emplace(serials_, std::move(connection));
        }
    }

    void serve(Connection& connection) {
        if (!connection.unsent.empty()) {
            watch(connection.socket, connection.serial, EPOLLIN, EPOLL_CTL_MOD);
            send(connection, std::exchange(connection.unsent, {}));
        }
        const ssize_t received = ::recv(connection.socket, buffer_.data(), buffer_.size(), 0);
        if (received < 0 && errno == EAGAIN) return;
        if (received <= 0) {
            ::close(connection.socket);
            connections_.erase(connection.serial);
            return;
        }
        std::string_view bytes(buffer_.data(), static_cast<std::size_t>(received));
        while (!bytes.empty()) {
            auto& body = connection.body;
            bytes.remove_prefix(
                connection.reader.feed(bytes, [&body](std::string_view piece) { body += piece; }));
            if (connection.reader.state() == MessageReader::State::broken) bench::die("a broken request");
            if (connection.reader.state() == MessageReader::State::done) answer(connection);
        }
    }

    void answer(Connection& connection) {
        const std::string_view body = connection.body;
        const std::size_t mark = body.rfind("bench nonce="); // behind a long prompt
        const std::string_view wanted =
            mark == std::string_view::npos ? std::string_view() : body.substr(mark);
        connection.nonce = bench::number_after(wanted, "nonce=");
        connection.chunks = bench::number_after(wanted, "chunks=");
        connection.interval = bench::number_after(wanted, "interval_us=") * bench::microsecond;
        connection.sent = 0;
        connection.body.clear();
        if (connection.body.capacity() > 4096) connection.body.shrink_to_fit();
        connection.reader.start_over();
        if (connection.chunks == 0) return send(connection, plain_answer(connection.nonce));
        std::string first = stream_head;
        append_chunk(first, piece_of_stream(connection.nonce, connection.sent++));
        send(connection, std::move(first));
        timers_.push({bench::monotonic_now() + connection.interval, connection.serial});
    }

    void fire_timers() {
        const Nanoseconds now = bench::monotonic_now();
        while (!timers_.empty() && timers_.top().when <= now) {
            Timer timer = timers_.top();
            timers_.pop();
            const auto found = connections_.find(timer.serial);
            if (found == connections_.end()) continue;
            Connection& connection = *found->second;
            if (connection.sent == connection.chunks) {
                send(connection, end_of_stream(connection.chunks));
                continue;
            }
            std::string piece;
            append_chunk(piece, piece_of_stream(connection.nonce, connection.sent++));
            send(connection, std::move(piece));
            timer.when += connection.interval;
            timers_.push(timer);
        }
    }

    void send(Connection& connection, std::string bytes) {
        if (connection.unsent.empty()) {
            const ssize_t sent = ::send(connection.socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent < 0 && errno != EAGAIN) return; // the reading side notices
            if (sent > 0) bytes.erase(0, static_cast<std::size_t>(sent));
            if (bytes.empty()) return;
        }
        connection.unsent += bytes;
        watch(connection.socket, connection.serial, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
    }

    int epoll_;
    int listener_ = -1;
    std::uint64_t serials_ = 0;
    std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> connections_;
    std::priority_queue<Timer, std::vector<Timer>, std::greater<>> timers_;
    std::vector<char> buffer_ = std::vector<char>(256 * 1024);
};

} // namespace

int main(int count, char** words) {
    bench::sharpen_timers();
    Provider(static_cast<std::uint16_t>(count > 1 ? std::atoi(words[1]) : 0)).run();
}
