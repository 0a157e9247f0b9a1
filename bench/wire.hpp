// What the programs of bench/ share: reading HTTP/1.1 messages piece by piece and the marks by which the load
// knows its own answers. Not a strict parser: it trusts its peers and breaks on what it does not know.
#pragma once

#include <sys/epoll.h>
#include <sys/prctl.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>

namespace bench {

using Nanoseconds = std::int64_t;

inline constexpr Nanoseconds microsecond = 1'000;
inline constexpr Nanoseconds second = 1'000'000'000;

inline Nanoseconds monotonic_now() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * second + now.tv_nsec;
}

[[noreturn]] inline void die(const std::string& reason) {
    std::fprintf(stderr, "%s\n", reason.c_str());
    std::exit(1);
}

/// The number behind `mark`; 0 when there is none.
inline std::int64_t number_after(std::string_view text, std::string_view mark) {
    const std::size_t at = text.find(mark);
    std::int64_t number = 0;
    if (at != std::string_view::npos)
        std::from_chars(text.data() + at + mark.size(), text.data() + text.size(), number);
    return number;
}

/// Waits for events, at most until `deadline` (0: without end); exact to microseconds.
inline int wait_for_events(int epoll, epoll_event* events, int most, Nanoseconds deadline) {
    timespec rest{};
    if (deadline != 0) {
        const Nanoseconds left = std::max<Nanoseconds>(0, deadline - monotonic_now());
        rest = {.tv_sec = left / second, .tv_nsec = left % second};
    }
    const int count = ::epoll_pwait2(epoll, events, most, deadline == 0 ? nullptr : &rest, nullptr);
    if (count < 0 && errno != EINTR) die("epoll_pwait2 failed");
    return std::max(count, 0);
}

/// Timers of this process are late by 50 µs otherwise.
inline void sharpen_timers() {
    ::prctl(PR_SET_TIMERSLACK, 1UL);
}

/// The head and the framing of one message at a time.
class MessageReader {
public:
    enum class State { head, body, done, broken };

    State state() const { return state_; }
    const std::string& head() const { return head_; }
    void start_over() {
        state_ = State::head;
        head_.clear();
    }

    /// Takes bytes until the message is whole; `take` gets the pieces of its body. How many were taken.
    template <class Take>
    std::size_t feed(std::string_view bytes, Take&& take) {
        const std::size_t given = bytes.size();
        if (state_ == State::head) read_head(bytes);
        while (state_ == State::body && !bytes.empty()) read_body(bytes, take);
        return given - bytes.size();
    }

private:
    void read_head(std::string_view& bytes) {
        const std::size_t before = head_.size();
        const std::size_t whole = before == 0 ? bytes.find("\r\n\r\n") : std::string_view::npos;
        head_.append(bytes.substr(0, whole == std::string_view::npos ? bytes.size() : whole + 4));
        const std::size_t end = head_.find("\r\n\r\n", before < 3 ? 0 : before - 3);
        if (end == std::string::npos) {
            bytes = {};
            return;
        }
        head_.resize(end + 4);
        bytes.remove_prefix(head_.size() - before);
        for (char& c : head_) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        is_chunked_ = head_.find("\r\ntransfer-encoding: chunked") != std::string::npos;
        left_ = is_chunked_ ? 0 : static_cast<std::size_t>(number_after(head_, "\r\ncontent-length: "));
        line_.clear();
        is_last_ = false;
        state_ = is_chunked_ || left_ > 0 ? State::body : State::done;
    }

    template <class Take>
    void read_body(std::string_view& bytes, Take& take) {
        if (left_ > 0) {
            const std::string_view piece = bytes.substr(0, left_);
            bytes.remove_prefix(piece.size());
            left_ -= piece.size();
            take(piece);
            if (!is_chunked_ && left_ == 0) state_ = State::done;
            return;
        }
        // A line between chunks: the end of the last one, a size, or the blank line behind the last.
        const std::size_t end = bytes.find('\n');
        line_.append(bytes.substr(0, end == std::string_view::npos ? bytes.size() : end + 1));
        bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
        if (end != std::string_view::npos) end_line();
    }

    void end_line() {
        const bool is_blank = line_ == "\r\n";
        if (is_last_) {
            state_ = is_blank ? State::done : State::broken;
        } else if (!is_blank) {
            const auto read = std::from_chars(line_.data(), line_.data() + line_.size(), left_, 16);
            if (read.ec != std::errc{} || std::string_view(read.ptr) != "\r\n") state_ = State::broken;
            is_last_ = left_ == 0;
        }
        line_.clear();
    }

    State state_ = State::head;
    std::string head_;
    std::string line_;
    std::size_t left_ = 0;
    bool is_chunked_ = false;
    bool is_last_ = false;
};

} // namespace bench
