// Counts live work by passes. Closed, it gives no more passes and tells when the last one is back. One
// thread.
#pragma once

#include "tollgate/runtime/wakeup.hpp"

#include <cstddef>
#include <optional>
#include <utility>

namespace tollgate::runtime {

class DrainGate {
public:
    class Pass {
    public:
        explicit Pass(DrainGate& gate) : gate_(&gate) { ++gate.count_; }
        Pass(Pass&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)) {}
        Pass(const Pass&) = delete;
        Pass& operator=(const Pass&) = delete;
        Pass& operator=(Pass&&) = delete;
        ~Pass() {
            if (gate_ != nullptr) gate_->leave();
        }

    private:
        DrainGate* gate_;
    };

    /// Nothing when the gate is closed or `limit` passes are out.
    std::optional<Pass> try_enter(std::size_t limit) {
        if (closed_ || count_ >= limit) return std::nullopt;
        return std::optional<Pass>(std::in_place, *this);
    }

    void close() { closed_ = true; }
    bool is_closed() const { return closed_; }
    std::size_t count() const { return count_; }

    /// Until no pass is out.
    Task<> wait_until_empty() {
        while (count_ > 0) co_await empty_.wait();
    }

private:
    void leave() {
        if (--count_ == 0) empty_.wake();
    }

    std::size_t count_ = 0;
    bool closed_ = false;
    Wakeup empty_;
};

} // namespace tollgate::runtime
