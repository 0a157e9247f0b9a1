// Lets coroutines sleep until their worker has looked at all that its sockets were ready for, so that what
// they write then goes out in one burst: a peer on the same machine is woken once, not for each message. One
// thread.
#pragma once

#include "tollgate/runtime/task.hpp"

#include <coroutine>
#include <vector>

namespace tollgate::runtime {

class TurnEnd {
public:
    explicit TurnEnd(Loop& loop) : loop_(loop) {}
    TurnEnd(const TurnEnd&) = delete;
    TurnEnd& operator=(const TurnEnd&) = delete;

    /// Is there nothing to wait for, since nothing else happens in this turn?
    bool is_here() const { return is_last_ && sleepers_.empty(); }

    /// Woken in the order in which they came.
    void add(std::coroutine_handle<> sleeper);

    /// The poller's: it begins to tell what the sockets are ready for, comes to the last of them, and is
    /// done.
    void begin() { is_open_ = true; }
    void come_to_last() { is_last_ = true; }
    void end();

private:
    Loop& loop_;
    std::vector<std::coroutine_handle<>> sleepers_;
    std::vector<std::coroutine_handle<>> waking_; // kept for its memory
    bool is_open_ = false;                        // somebody will wake those who come now
    bool is_last_ = false;
};

} // namespace tollgate::runtime
