#include "tollgate/http/event_stream.hpp"

#include <algorithm>

namespace tollgate::http {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// Finds line ends in one piece of bytes. Each of the two searches goes over a byte once, whatever the
/// stream.
class LineEnds {
public:
    explicit LineEnds(std::string_view bytes) : bytes_(bytes) {}

    /// Offset of the first CR or LF at or behind `from`; the size if there is none.
    std::size_t next(std::size_t from) {
        if (feed_ < from || !is_searched_) feed_ = std::min(bytes_.find('\n', from), bytes_.size());
        if (return_ < from || !is_searched_) return_ = std::min(bytes_.find('\r', from), bytes_.size());
        is_searched_ = true;
        return std::min(feed_, return_);
    }

private:
    std::string_view bytes_;
    std::size_t feed_ = 0;
    std::size_t return_ = 0;
    bool is_searched_ = false;
};

/// Takes a line off the front, without its end.
std::string_view take_line(std::string_view& bytes) {
    const std::size_t end = std::min(bytes.find_first_of("\r\n"), bytes.size());
    const std::string_view line = bytes.substr(0, end);
    const bool is_pair = bytes.substr(end).starts_with("\r\n");
    bytes.remove_prefix(std::min(end + (is_pair ? 2 : 1), bytes.size()));
    return line;
}

struct EventField {
    std::string_view name{};
    std::string_view value{};
};

EventField split_line(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return {.name = line, .value = line.substr(line.size())};
    std::string_view value = line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    return {.name = line.substr(0, colon), .value = value};
}

std::string_view without_mark(std::string_view bytes) {
    if (bytes.starts_with(byte_order_mark)) bytes.remove_prefix(byte_order_mark.size());
    return bytes;
}

} // namespace

std::size_t EventScanner::find_event_end(std::string_view bytes) {
    LineEnds line_ends(bytes);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        if (state_ == State::in_line) {
            at = line_ends.next(at);
            if (at == bytes.size()) break;
            state_ = bytes[at] == '\n' ? State::line_start : State::line_start_after_return;
            continue;
        }
        const bool is_feed = bytes[at] == '\n';
        if (state_ == State::blank_return) {
            state_ = State::event_start;
            return is_feed ? at + 1 : at;
        }
        if (state_ == State::line_start_after_return && is_feed) {
            state_ = State::line_start;
        } else if (is_feed || (bytes[at] == '\r' && state_ == State::line_start_after_return)) {
            state_ = State::event_start;
            return at + 1;
        } else {
            state_ = bytes[at] == '\r' ? State::blank_return : State::in_line;
        }
    }
    return npos;
}

bool EventScanner::is_at_boundary() const {
    return state_ == State::event_start || state_ == State::blank_return;
}

Event parse_event(std::string_view bytes) {
    Event event;
    bytes = without_mark(bytes);
    while (!bytes.empty()) {
        const EventField field = split_line(take_line(bytes));
        if (field.name == "event") event.name = field.value;
        if (field.name != "data") continue;
        if (event.has_data) event.data.push_back('\n');
        event.data.append(field.value);
        event.has_data = true;
    }
    return event;
}

std::string_view simple_event_data(std::string_view bytes) {
    // Nearly every event is one such line.
    constexpr std::string_view front = "data: ";
    constexpr std::string_view back = "\n\n";
    if (bytes.starts_with(front) && bytes.ends_with(back) && bytes.size() >= front.size() + back.size()) {
        const std::string_view data = bytes.substr(front.size(), bytes.size() - front.size() - back.size());
        if (data.find('\n') == std::string_view::npos && data.find('\r') == std::string_view::npos)
            return data;
    }
    std::string_view data;
    bytes = without_mark(bytes);
    while (!bytes.empty()) {
        const EventField field = split_line(take_line(bytes));
        if (field.name != "data") continue;
        if (data.data() != nullptr) return {};
        data = field.value;
    }
    return data;
}

} // namespace tollgate::http
