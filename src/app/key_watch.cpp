#include "app/key_watch.hpp"

#include <utility>

namespace tollgate::app {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds poll_period{250};   // where nobody tells, a change holds within a second all the same
constexpr milliseconds listen_period{500}; // a notice can be lost

} // namespace

KeyWatch::KeyWatch(ports::KeyStore& keys, std::uint64_t sequence, Tell tell)
    : keys_(keys), tell_(std::move(tell)), thread_([this, sequence] { follow(sequence); }) {}

KeyWatch::~KeyWatch() {
    stop_.release();
    thread_.join();
}

void KeyWatch::follow(std::uint64_t sequence) {
    milliseconds pause{0};
    while (!stop_.try_acquire_for(pause)) {
        pause = keys_.await_change(listen_period) == ports::Told::never ? poll_period : milliseconds(0);
        auto changes = keys_.changes_since(sequence);
        if (changes) sequence = changes->last_sequence;
        tell_(std::move(changes));
    }
}

} // namespace tollgate::app
