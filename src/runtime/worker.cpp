#include "tollgate/runtime/worker.hpp"

#include <pthread.h>

namespace tollgate::runtime {

namespace {

constexpr std::size_t read_buffer_size = 64UL * 1024;
constexpr std::chrono::milliseconds sweep_period{100};

} // namespace

Worker::Worker(std::size_t index)
    : index_(index),
      work_guard_(boost::asio::make_work_guard(loop_)),
      deadlines_(loop_),
      turn_end_(loop_),
      poller_(loop_, turn_end_),
      read_buffer_(read_buffer_size) {}

Worker::~Worker() {
    stop();
    join();
}

void Worker::start() {
    deadlines_.start(sweep_period);
    thread_ = std::jthread([this] { run(); });
}

void Worker::run() {
    const std::string name = "worker-" + std::to_string(index_);
    pthread_setname_np(pthread_self(), name.c_str());
    loop_.run();
}

void Worker::stop() {
    loop_.stop();
}

void Worker::join() {
    if (thread_.joinable()) thread_.join();
}

} // namespace tollgate::runtime
