#include "runtime/readiness.hpp"

namespace tollgate::runtime {

using boost::asio::posix::descriptor_base;

void ReadinessState::arm_read() {
    if (read_armed_) return;
    read_armed_ = true;
    auto keep = boost::intrusive_ptr<ReadinessState>(this);
    descriptor_.async_wait(descriptor_base::wait_read, [keep](const boost::system::error_code&) {
        keep->read_armed_ = false;
        keep->on_readable();
    });
}

void ReadinessState::arm_write() {
    if (write_armed_) return;
    write_armed_ = true;
    auto keep = boost::intrusive_ptr<ReadinessState>(this);
    descriptor_.async_wait(descriptor_base::wait_write, [keep](const boost::system::error_code&) {
        keep->write_armed_ = false;
        if (keep->stream_ != nullptr && keep->write_.has_sleeper()) keep->write_.wake_inline();
    });
}

void ReadinessState::on_readable() {
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
    descriptor_.release(); // ends the waits; the stream closes the socket itself
}

} // namespace tollgate::runtime
