// Sends one prepared answer at its pace and with its faults of transport. Lives in the connection's frame for
// one exchange; its loop's thread only.
#pragma once

#include "simulator/departure.hpp"
#include "simulator/prepared.hpp"
#include "simulator/records.hpp"
#include "simulator/transport.hpp"

#include <memory>
#include <string>

namespace tollgate::simulator {

/// What becomes of the connection. drain: no more is sent, what still comes is read and dropped.
enum class After { keep, close, reset, drain };

struct Framing {
    bool chunked = true;    // false for an HTTP/1.0 client
    bool keep_alive = true; // what the client asked for
    bool head_only = false; // HEAD
};

class Delivery {
public:
    Delivery(Transport& transport, Departure& departure, const Prepared& prepared);

    /// Sends it all, or what the fault lets pass. Times count from `started`.
    Task<After> run(Stamp stamp, Framing framing, SteadyClock::time_point started);

    /// How it went; complete after run().
    const Ending& ending() const { return ending_; }

private:
    Task<After> send_whole();
    Task<After> send_stream();
    Task<After> send_garbage();
    Task<After> send_events();
    Task<After> end_by_fault();
    Task<After> end_of_answer();
    Task<Presence> drip_head();
    Task<Presence> flush();
    Task<Presence> flush_pieces();

    SteadyClock::time_point due(std::uint32_t slot) const;
    bool stops_at(std::size_t amount) const;
    void append_head();
    void append_event(const Event& event);

    Transport& transport_;
    Departure& departure_;
    const Prepared& prepared_;
    const Script& script_;
    Stamp stamp_;
    Framing framing_;
    SteadyClock::time_point started_;
    Ending ending_;
    std::string out_;     // framed bytes that wait to be written
    std::string unsplit_; // bytes of a stream that wait to be cut into pieces
    std::uint64_t queued_events_ = 0;
};

} // namespace tollgate::simulator
