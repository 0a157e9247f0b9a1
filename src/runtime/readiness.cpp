#include "runtime/readiness.hpp"

#include <boost/asio/post.hpp>

#include <sys/epoll.h>

namespace tollgate::runtime {

namespace {

constexpr int most_reads_in_a_row = 16;
constexpr std::uint32_t end_events = EPOLLRDHUP | EPOLLHUP | EPOLLERR;
constexpr std::uint32_t read_events = EPOLLIN | end_events;
constexpr std::uint32_t write_events = EPOLLOUT | EPOLLHUP | EPOLLERR;

} // namespace

bool ReadinessState::is_readable() {
    if (!readable_) return false;
    if (++reads_in_a_row_ < most_reads_in_a_row) return true;
    tell_soon();
    return false;
}

void ReadinessState::tell_soon() {
    auto keep = boost::intrusive_ptr<ReadinessState>(this);
    boost::asio::post(poller_.loop(), [keep] { keep->tell_readable(); });
}

void ReadinessState::note(std::uint32_t events) {
    if ((events & read_events) != 0) readable_ = true;
    if ((events & end_events) != 0) ended_ = true;
    if ((events & write_events) != 0) writable_ = true;
}

void ReadinessState::tell(std::uint32_t events) {
    const auto keep = boost::intrusive_ptr<ReadinessState>(this);
    if ((events & read_events) != 0) tell_readable();
    const bool wakes_writer = (events & write_events) != 0 && stream_ != nullptr && write_.has_sleeper();
    if (wakes_writer) write_.wake_inline();
}

void ReadinessState::tell_readable() {
    reads_in_a_row_ = 0;
    if (stream_ == nullptr) return;
    if (read_.has_sleeper()) {
        read_.wake_inline();
    } else {
        Readiness::tell_readable(*stream_);
    }
}

void ReadinessState::wake_all() {
    if (read_.has_sleeper()) read_.wake();
    if (write_.has_sleeper()) write_.wake();
}

void ReadinessState::detach() {
    stream_ = nullptr;
    // Behind the sleepers that were woken, and behind the look that may be going on.
    boost::asio::post(poller_.loop(), [keep = boost::intrusive_ptr<ReadinessState>(this)] {});
}

} // namespace tollgate::runtime
