#include "simulator/departure.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>

namespace tollgate::simulator {

namespace {
constexpr std::chrono::milliseconds look_again_after{5};
}

Departure::Departure(Transport& transport)
    : transport_(transport),
      wake_(transport.socket().get_executor()),
      again_(transport.socket().get_executor()) {}

Task<Presence> Departure::wait_until(SteadyClock::time_point when) {
    if (!left_at_ && when > SteadyClock::now()) {
        watch();
        wake_.expires_at(when);
        boost::system::error_code called_off;
        co_await wake_.async_wait(asio::redirect_error(use_task, called_off));
    }
    co_return left_at_ ? Presence::gone : Presence::here;
}

Task<> Departure::wait_for_it() {
    while (!left_at_) {
        const auto later = SteadyClock::now() + std::chrono::hours(1);
        co_await wait_until(later);
    }
}

void Departure::note() {
    if (!left_at_) left_at_ = SteadyClock::now();
    wake_.cancel();
}

void Departure::watch() {
    watching_ = true;
    if (armed_) return;
    armed_ = true;
    ++pending_;
    transport_.socket().async_wait(Socket::wait_read, [this](boost::system::error_code error) {
        --pending_;
        armed_ = false;
        if (!error && watching_) look();
    });
}

void Departure::look() {
    if (transport_.peer_is_gone()) {
        note();
        return;
    }
    armed_ = true;
    ++pending_;
    again_.expires_after(look_again_after);
    again_.async_wait([this](boost::system::error_code error) {
        --pending_;
        armed_ = false;
        if (!error && watching_) look();
    });
}

Task<> Departure::finish() {
    again_.cancel();
    wake_.cancel();
    while (pending_ > 0) {
        co_await asio::post(again_.get_executor(), use_task);
    }
}

} // namespace tollgate::simulator
