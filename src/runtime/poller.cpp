#include "tollgate/runtime/poller.hpp"

#include "runtime/readiness.hpp"
#include "tollgate/runtime/clock.hpp"
#include "tollgate/runtime/turn_end.hpp"

#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <span>
#include <system_error>

namespace tollgate::runtime {

namespace {

constexpr std::size_t most_events = 256; // in one look; what is left makes the next one

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

int make_epoll() {
    const int descriptor = ::epoll_create1(EPOLL_CLOEXEC);
    if (descriptor < 0) fail("epoll_create1");
    return descriptor;
}

} // namespace

Poller::Poller(Loop& loop, TurnEnd& turn_end) : loop_(loop), turn_end_(turn_end), epoll_(loop, make_epoll()) {
    wait();
}

Poller::~Poller() = default;

void Poller::add(int socket, ReadinessState& state) {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.ptr = &state;
    if (::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_ADD, socket, &event) != 0) fail("epoll_ctl");
}

void Poller::wait() {
    epoll_.async_wait(boost::asio::posix::descriptor_base::wait_read,
                      [this](const boost::system::error_code& error) {
                          if (error) return; // the worker ends
                          look();
                          wait();
                      });
}

void Poller::look() {
    std::array<epoll_event, most_events> room;
    const int count = ::epoll_wait(epoll_.native_handle(), room.data(), static_cast<int>(room.size()), 0);
    if (count <= 0) return;
    ++looks_;
    const std::span events(room.data(), static_cast<std::size_t>(count));
    // All flags first: whoever runs may ask about the sockets of others.
    for (const epoll_event& event : events) static_cast<ReadinessState*>(event.data.ptr)->note(event.events);
    turn_time = steady_now();
    // A state whose stream dies meanwhile stays until the loop has its next turn.
    turn_end_.begin();
    for (const epoll_event& event : events) {
        if (&event == &events.back()) turn_end_.come_to_last();
        static_cast<ReadinessState*>(event.data.ptr)->tell(event.events);
    }
    turn_end_.end();
    turn_time = base::SteadyTime();
}

} // namespace tollgate::runtime
