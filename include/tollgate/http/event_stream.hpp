// Event streams (WHATWG HTML §9.2): where events end in bytes that arrive split anywhere, and what one holds.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tollgate::http {

/// Finds the ends of events: a blank line, with LF, CRLF or CR line ends. Keeps no bytes.
class EventScanner {
public:
    static constexpr std::size_t npos = std::string_view::npos;

    /// Offset just behind the end of the first event that ends in `bytes`, which continue what was scanned
    /// before; npos if none ends (then all of `bytes` has been scanned). After a hit scan on with the rest.
    ///
    /// An event is reported with the byte that ends it, with one exception: a blank line's CR that follows an
    /// LF may be half of a CRLF, so it waits for the next byte. If that is no LF, the event ended before it
    /// and the answer can be 0. In a stream with CR line ends the second CR ends the event at once. A blank
    /// line outside of an event is an event without data. Where an event ends does not depend on the splits.
    std::size_t find_event_end(std::string_view bytes);

    /// True when nothing of an unfinished event has been scanned. At the end of a stream whose last event
    /// waits for the byte behind its CR this is true as well: that event is whole.
    bool is_at_boundary() const;

private:
    // The first two are at the start of a line and differ in the byte before: LF (or the stream's start), CR.
    enum class State { event_start, line_start, line_start_after_return, in_line, blank_return };
    State state_ = State::event_start;
};

struct Event {
    std::string name{}; // of the `event:` line, empty if there is none
    std::string data{}; // `data:` lines joined with LF
    bool has_data = false;
};

/// Reads one whole event, its blank line included or not. Comments and unknown fields are skipped.
Event parse_event(std::string_view bytes);

/// The data of an event of exactly one data line, without copying; null data() if it is not so simple.
std::string_view simple_event_data(std::string_view bytes);

} // namespace tollgate::http
