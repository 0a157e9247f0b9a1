// Waiting that ends when the client leaves. While an answer waits, the socket is watched for the end of the
// client's side; what the client sends meanwhile stays in the kernel. Owned by the connection's coroutine;
// its loop's thread only.
#pragma once

#include "simulator/transport.hpp"

#include <optional>

namespace tollgate::simulator {

enum class Presence { here, gone };

class Departure {
public:
    explicit Departure(Transport& transport);

    /// Until `when` or until the client has left. A time that has passed costs nothing.
    Task<Presence> wait_until(SteadyClock::time_point when);

    /// Until the client has left, however long that takes.
    Task<> wait_for_it();

    /// The client has left, as a failed read or write shows.
    void note();

    /// When it was noticed; empty while the client is there.
    const std::optional<SteadyClock::time_point>& left_at() const { return left_at_; }

    /// Between two answers nobody looks.
    void pause() { watching_ = false; }

    /// To be awaited once the socket is closed: after it no operation refers to this object.
    Task<> finish();

private:
    void watch();
    void look();

    Transport& transport_;
    Timer wake_;  // the wait itself; called off when the client leaves
    Timer again_; // bytes hide the end of file from readiness: look again later
    std::optional<SteadyClock::time_point> left_at_;
    int pending_ = 0;
    bool armed_ = false;
    bool watching_ = false;
};

} // namespace tollgate::simulator
