// Calls off whatever a task is waiting for at the moment. The task says what that is as it goes on; who calls
// it off (a client's departure) needs not know. One thread.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/runtime/deadlines.hpp"

#include <optional>

namespace tollgate::runtime {

class Interrupter {
public:
    Interrupter() = default;
    Interrupter(const Interrupter&) = delete;
    Interrupter& operator=(const Interrupter&) = delete;

    /// The task waits for `target` from now on; nullptr: for nothing that can be called off.
    void attend(Interruptible* target) {
        target_ = target;
        if (reason_ && target_ != nullptr) target_->interrupt(*reason_);
    }

    void interrupt(base::ErrorCode reason) {
        if (!reason_) reason_ = reason;
        if (target_ != nullptr) target_->interrupt(*reason_);
    }

private:
    Interruptible* target_ = nullptr;
    std::optional<base::ErrorCode> reason_;
};

} // namespace tollgate::runtime
