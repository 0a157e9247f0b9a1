// The load of the measurements: one thread, epoll. Every answer and every stream is verified: the right one
// for its request, whole, each chunk once and in order, the end well formed and nothing after it.
//   bench_load MODE --port N [--key FILE] [--connections N] [--seconds N] [--requests N] [--rate N] [--prompt
//   BYTES]
//              [--chunks N] [--interval-us N]
//     closed    each connection asks again as soon as it has its answer
//     open      asks at --rate, whatever comes back; latency counts from the moment at which it was due
//     streams   each connection reads one stream after another
//     hold      opens a stream on each connection, prints "open" when all have begun, reads on for --seconds
// Ends after --seconds or --requests (of all connections together) and prints one line of JSON. Exit status
// 1: an answer was wrong. --key names a file with an API key per line, used in turn.
#include "wire.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <fstream>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace {

using bench::MessageReader;
using bench::Nanoseconds;

enum class Mode { closed, open, streams, hold };

struct Options {
    Mode mode = Mode::closed;
    std::uint16_t port = 0;
    std::vector<std::string> keys{};
    std::size_t connections = 64;
    std::int64_t seconds = 5;
    std::int64_t requests = 0; // 0: as many as fit
    std::int64_t rate = 500;
    std::size_t prompt = 0;
    std::int64_t chunks = 50;
    std::int64_t interval_us = 20'000;

    bool streams() const { return mode == Mode::streams || mode == Mode::hold; }
};

struct Counts {
    std::int64_t requests = 0;
    std::int64_t chunks = 0;
    std::int64_t errors = 0;
    std::string first_error{};
    std::vector<std::uint32_t> delays{}; // nanoseconds: of answers, or of chunks

    void add_delay(Nanoseconds delay) {
        delays.push_back(static_cast<std::uint32_t>(std::clamp<Nanoseconds>(delay, 0, UINT32_MAX)));
    }
};

/// Follows one answer.
class Verifier {
public:
    void begin(std::int64_t nonce, std::int64_t chunks) {
        nonce_ = nonce;
        wanted_ = chunks;
        next_ = 0;
        finishes_ = usages_ = dones_ = 0;
        text_.clear();
    }

    void take(std::string_view piece, Counts& counts) {
        if (wanted_ == 0 || !text_.empty()) {
            text_ += piece;
            if (wanted_ == 0) return;
            piece = text_;
        }
        std::size_t taken = 0;
        for (;;) {
            const std::size_t end = piece.find("\n\n", taken);
            if (end == std::string_view::npos) break;
            take_event(piece.substr(taken, end - taken), counts);
            taken = end + 2;
        }
        text_ = std::string(piece.substr(taken));
    }

    std::int64_t chunks() const { return next_; }

    /// Empty when the whole answer was right.
    std::string fault_at_end(const std::string& head) const {
        if (!head.starts_with("http/1.1 200 ")) return "status: " + head.substr(0, head.find('\r'));
        if (wanted_ > 0) {
            if (!fault_.empty()) return fault_;
            const bool is_whole = next_ == wanted_ && finishes_ == 1 && usages_ == 1 && dones_ == 1;
            return is_whole && text_.empty() ? "" : "a stream is not whole";
        }
        const bool is_right = bench::number_after(text_, "nonce=") == nonce_ && text_.starts_with('{') &&
                              text_.ends_with('}') && text_.find("\"usage\":{") != std::string::npos;
        return is_right ? "" : "a wrong answer: " + text_.substr(0, 200);
    }

private:
    void take_event(std::string_view event, Counts& counts) {
        if (!event.starts_with("data: ") || dones_ > 0) return fail("an event out of place", event);
        if (const std::size_t at = event.find("nonce="); at != std::string_view::npos) {
            const bool is_next = bench::number_after(event, "nonce=") == nonce_ &&
                                 bench::number_after(event, "seq=") == next_ && finishes_ == 0;
            if (!is_next) return fail("a chunk out of order", event);
            ++next_;
            ++counts.chunks;
            counts.add_delay(bench::monotonic_now() - bench::number_after(event, "at="));
        } else if (event == "data: [DONE]") {
            ++dones_;
        } else if (event.find("\"usage\":{") != std::string_view::npos) {
            ++usages_;
        } else if (event.find("\"finish_reason\":\"stop\"") != std::string_view::npos) {
            ++finishes_;
        } else {
            fail("a strange event", event);
        }
    }

    void fail(std::string_view reason, std::string_view event) {
        if (fault_.empty()) fault_ = std::string(reason) + ": " + std::string(event.substr(0, 300));
    }

    std::int64_t nonce_ = 0;
    std::int64_t wanted_ = 0;
    std::int64_t next_ = 0;
    int finishes_ = 0;
    int usages_ = 0;
    int dones_ = 0;
    std::string text_;
    std::string fault_;
};

struct Connection {
    int socket = -1;
    std::size_t index = 0;
    std::string unsent{};
    MessageReader reader{};
    Verifier verifier{};
    Nanoseconds asked_at = 0;
    bool is_busy = false;
};

class Load {
public:
    explicit Load(const Options& options) : options_(options), epoll_(::epoll_create1(0)) {
        if (options.prompt > 0) {
            while (prompt_.size() < options.prompt)
                prompt_ +=
                    R"({"role":"user","content":"Tell me more about the history of the lighthouse on the )"
                    R"(northern cape, please, and who kept it."},)";
        }
        for (std::size_t index = 0; index < options.connections; ++index) open_connection();
    }

    int run() {
        started_ = bench::monotonic_now();
        ends_ = started_ + options_.seconds * bench::second;
        if (options_.mode != Mode::open) {
            for (auto& connection : connections_) ask(*connection, bench::monotonic_now());
        }
        due_ = started_;
        while (!is_over()) turn();
        report();
        return counts_.errors == 0 && counts_.requests + counts_.chunks > 0 ? 0 : 1;
    }

private:
    void open_connection() {
        auto connection = std::make_unique<Connection>();
        connection->index = connections_.size();
        connection->socket = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(options_.port);
        if (::connect(connection->socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
            bench::die(std::string("cannot connect: ") + std::strerror(errno));
        const int on = 1;
        ::setsockopt(connection->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        epoll_event event{.events = EPOLLIN, .data = {.u64 = connection->index}};
        ::epoll_ctl(epoll_, EPOLL_CTL_ADD, connection->socket, &event);
        idle_.push_back(connection->index);
        connections_.push_back(std::move(connection));
    }

    std::string request(std::size_t index, std::int64_t nonce) const {
        const bool streams = options_.streams();
        std::string body = R"({"model":"gpt-bench","max_tokens":500,)";
        body += streams ? R"("stream":true,"stream_options":{"include_usage":true},)" : "";
        body += R"("messages":[)" + prompt_ + R"({"role":"user","content":"Say this is a test. bench nonce=)";
        body += std::to_string(nonce) + " ";
        if (streams)
            body += "chunks=" + std::to_string(options_.chunks) +
                    " interval_us=" + std::to_string(options_.interval_us) + " ";
        body += R"("}]})";
        std::string head =
            "POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: application/json\r\n"
            "user-agent: bench/1\r\ncontent-type: application/json\r\n";
        if (!options_.keys.empty())
            head += "authorization: Bearer " + options_.keys[index % options_.keys.size()] + "\r\n";
        return head + "content-length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    }

    void ask(Connection& connection, Nanoseconds due) {
        const std::int64_t nonce = ++asked_;
        connection.is_busy = true;
        connection.asked_at = due;
        connection.reader.start_over();
        connection.verifier.begin(nonce, options_.streams() ? options_.chunks : 0);
        const std::string bytes = request(connection.index, nonce);
        // The socket blocks: what is asked goes out whole.
        if (::send(connection.socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) !=
            static_cast<ssize_t>(bytes.size()))
            fail(connection, "the connection does not take a request");
    }

    void turn() {
        std::array<epoll_event, 256> events{};
        Nanoseconds deadline = options_.mode == Mode::open ? std::min(due_, ends_) : ends_;
        if (const Nanoseconds now = bench::monotonic_now(); now >= ends_)
            deadline = now + bench::second / 100;
        const int count = bench::wait_for_events(epoll_, events.data(), 256, deadline);
        for (int index = 0; index < count; ++index)
            read(*connections_[events[static_cast<std::size_t>(index)].data.u64]);
        if (options_.mode != Mode::open) return;
        for (; due_ <= bench::monotonic_now() && due_ < ends_; due_ += bench::second / options_.rate) {
            while (!idle_.empty() && connections_[idle_.back()]->is_busy) idle_.pop_back();
            if (idle_.empty()) open_connection();
            Connection& connection = *connections_[idle_.back()];
            idle_.pop_back();
            ask(connection, due_);
        }
    }

    void read(Connection& connection) {
        const ssize_t received = ::recv(connection.socket, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
        if (received < 0 && errno == EAGAIN) return;
        if (received <= 0) return fail(connection, "the connection was closed");
        std::string_view bytes(buffer_.data(), static_cast<std::size_t>(received));
        const bool had_begun = connection.verifier.chunks() > 0;
        bytes.remove_prefix(connection.reader.feed(bytes, [this, &connection](std::string_view piece) {
            connection.verifier.take(piece, counts_);
        }));
        if (!had_begun && connection.verifier.chunks() > 0) note_begun();
        if (!connection.is_busy || !bytes.empty()) return fail(connection, "bytes that nobody asked for");
        if (connection.reader.state() == MessageReader::State::broken)
            return fail(connection, "broken framing");
        if (connection.reader.state() == MessageReader::State::done) end(connection);
    }

    void end(Connection& connection) {
        const std::string fault = connection.verifier.fault_at_end(connection.reader.head());
        if (!fault.empty()) return fail(connection, fault);
        ++counts_.requests;
        if (!options_.streams()) counts_.add_delay(bench::monotonic_now() - connection.asked_at);
        connection.is_busy = false;
        const bool has_time = bench::monotonic_now() < ends_;
        const bool is_wanted = options_.requests == 0 || asked_ < options_.requests;
        if (options_.mode == Mode::open) {
            idle_.push_back(connection.index);
        } else if (options_.mode != Mode::hold && has_time && is_wanted) {
            ask(connection, bench::monotonic_now());
        }
    }

    void note_begun() {
        if (options_.mode != Mode::hold || ++begun_ != connections_.size()) return;
        std::printf("open\n");
        std::fflush(stdout);
        ends_ = bench::monotonic_now() + options_.seconds * bench::second;
        counts_.delays.clear();
    }

    void fail(Connection& connection, const std::string& reason) {
        ++counts_.errors;
        if (counts_.first_error.empty()) counts_.first_error = reason;
        connection.is_busy = false;
        ::epoll_ctl(epoll_, EPOLL_CTL_DEL, connection.socket, nullptr);
        if (options_.mode == Mode::hold && begun_ < connections_.size())
            bench::die("a stream failed: " + reason);
    }

    bool is_over() const {
        const bool is_late = bench::monotonic_now() >= ends_;
        if (options_.mode == Mode::hold) return is_late;
        if (options_.requests > 0 && counts_.requests + counts_.errors >= options_.requests) return true;
        if (!is_late) return false;
        // What was asked is still answered.
        return std::ranges::none_of(connections_, [](const auto& each) { return each->is_busy; }) ||
               bench::monotonic_now() >= ends_ + 20 * bench::second;
    }

    double percentile(double share) {
        if (counts_.delays.empty()) return 0;
        const auto at = static_cast<std::size_t>(share * static_cast<double>(counts_.delays.size() - 1));
        std::ranges::nth_element(counts_.delays, counts_.delays.begin() + static_cast<std::ptrdiff_t>(at));
        return counts_.delays[at] / 1000.0;
    }

    void report() {
        const double elapsed = static_cast<double>(bench::monotonic_now() - started_) / 1e9;
        std::string error = counts_.first_error;
        for (char& c : error) c = c == '"' || c == '\\' || static_cast<unsigned char>(c) < 32 ? ' ' : c;
        std::printf(
            R"({"requests":%lld,"chunks":%lld,"errors":%lld,"seconds":%.3f,"p50_us":%.1f,"p99_us":%.1f,)"
            R"("p999_us":%.1f,"first_error":"%s"})"
            "\n",
            static_cast<long long>(counts_.requests), static_cast<long long>(counts_.chunks),
            static_cast<long long>(counts_.errors), elapsed, percentile(0.5), percentile(0.99),
            percentile(0.999), error.c_str());
    }

    const Options& options_;
    int epoll_;
    std::string prompt_;
    std::vector<std::unique_ptr<Connection>> connections_;
    std::vector<std::size_t> idle_;
    std::vector<char> buffer_ = std::vector<char>(256 * 1024);
    Counts counts_;
    std::int64_t asked_ = 0;
    std::size_t begun_ = 0;
    Nanoseconds started_ = 0;
    Nanoseconds ends_ = 0;
    Nanoseconds due_ = 0;
};

std::vector<std::string> read_lines(const char* path) {
    std::ifstream file(path);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    if (lines.empty()) bench::die(std::string("no key in ") + path);
    return lines;
}

Options read_options(int count, char** words) {
    const std::map<std::string_view, Mode> modes{
        {"closed", Mode::closed}, {"open", Mode::open}, {"streams", Mode::streams}, {"hold", Mode::hold}};
    if (count < 2 || count % 2 != 0 || !modes.contains(words[1]))
        bench::die("usage: see the head of bench/load.cpp");
    Options options;
    options.mode = modes.at(words[1]);
    for (int index = 2; index < count; index += 2) {
        const std::string_view name = words[index];
        const long long number = std::atoll(words[index + 1]);
        if (name == "--port")
            options.port = static_cast<std::uint16_t>(number);
        else if (name == "--key")
            options.keys = read_lines(words[index + 1]);
        else if (name == "--connections")
            options.connections = static_cast<std::size_t>(number);
        else if (name == "--seconds")
            options.seconds = number;
        else if (name == "--requests")
            options.requests = number;
        else if (name == "--rate")
            options.rate = number;
        else if (name == "--prompt")
            options.prompt = static_cast<std::size_t>(number);
        else if (name == "--chunks")
            options.chunks = number;
        else if (name == "--interval-us")
            options.interval_us = number;
        else
            bench::die("unknown option " + std::string(name));
    }
    return options;
}

} // namespace

int main(int count, char** words) {
    bench::sharpen_timers();
    const Options options = read_options(count, words);
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
    return Load(options).run();
}
