// A worker whose loop the test turns itself, on its own thread, and the far ends of its sockets.
#pragma once

#include "tollgate/runtime/spawn.hpp"
#include "tollgate/runtime/worker.hpp"

#include <array>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <fcntl.h>
#include <optional>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace tollgate::testing {

/// The far end of a connection: never waits.
class Peer {
public:
    explicit Peer(runtime::FileDescriptor socket) : socket_(std::move(socket)) {}

    /// Writes what the socket takes.
    std::size_t write(std::string_view bytes) {
        const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        return sent < 0 ? 0 : static_cast<std::size_t>(sent);
    }

    /// Takes what has come; all of it so far is received().
    const std::string& read() {
        std::array<char, 65536> buffer{};
        for (;;) {
            const ssize_t size = ::recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
            if (size == 0) ended_ = true;
            if (size < 0 && errno != EAGAIN && errno != EWOULDBLOCK) ended_ = true;
            if (size <= 0) return received_;
            received_.append(buffer.data(), static_cast<std::size_t>(size));
        }
    }
    const std::string& received() const { return received_; }

    /// Has the other side closed? Known after a read().
    bool is_ended() const { return ended_; }
    void finish_sending() { ::shutdown(socket_.get(), SHUT_WR); }
    void close() { socket_.reset(); }

private:
    runtime::FileDescriptor socket_;
    std::string received_;
    bool ended_ = false;
};

/// Two ends of one connection, both non-blocking.
inline std::pair<runtime::FileDescriptor, Peer> connected_sockets() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) != 0) std::abort();
    return {runtime::FileDescriptor(ends[0]), Peer(runtime::FileDescriptor(ends[1]))};
}

/// Lets a socket keep little, so that a longer write is a short one.
inline void make_narrow(int socket) {
    const int bytes = 4096;
    ::setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
}

class TestWorker {
public:
    TestWorker() : worker_(0) { worker_.deadlines().start(std::chrono::milliseconds(1)); }

    runtime::Worker& worker() { return worker_; }
    runtime::Loop& loop() { return worker_.loop(); }
    runtime::Deadlines& deadlines() { return worker_.deadlines(); }
    runtime::LoopServices services() { return worker_.services(); }

    /// Runs the task to its end, and meanwhile whatever else the loop has; yields what the task returned.
    template <class T>
    T run(runtime::Task<T> task) {
        std::optional<T> result;
        runtime::spawn(loop(), keep_result(std::move(task), result), "test");
        turn_until([&result] { return result.has_value(); });
        return std::move(result).value();
    }
    void run(runtime::Task<> task) {
        bool done = false;
        runtime::spawn(loop(), note_end(std::move(task), done), "test");
        turn_until([&done] { return done; });
    }

    /// Starts it; it goes on when the loop is turned.
    void start(runtime::Task<> task) { runtime::spawn(loop(), std::move(task), "test"); }

    /// Turns the loop until the condition holds; ends the program when it does not within half a minute.
    template <class Condition>
    void turn_until(Condition condition) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (!condition()) {
            if (std::chrono::steady_clock::now() > end) std::abort();
            loop().run_one_for(std::chrono::milliseconds(1));
        }
    }

    /// Does whatever can be done now.
    void settle() {
        while (loop().poll() > 0) {
        }
    }

private:
    template <class T>
    static runtime::Task<> keep_result(runtime::Task<T> task, std::optional<T>& result) {
        T value = co_await std::move(task);
        result.emplace(std::move(value));
    }
    static runtime::Task<> note_end(runtime::Task<> task, bool& done) {
        co_await std::move(task);
        done = true;
    }

    runtime::Worker worker_;
};

} // namespace tollgate::testing
