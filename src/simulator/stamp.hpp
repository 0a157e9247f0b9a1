// What differs between two otherwise equal answers: identifier, time of creation and Date header. Answers are
// rendered with placeholders of the same width and stamped as they are sent, so that one rendering serves
// many requests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::simulator {

/// Stand-ins to render with: 22 characters of an identifier, a Unix time, a Date header's value.
inline constexpr std::string_view id_placeholder = "0SIM0ANSWER0IDENTITY00";
inline constexpr std::int64_t created_placeholder = 1000000001;
inline constexpr std::string_view date_placeholder = "Thu, 01 Jan 1970 00:00:00 GMT";

struct Stamp {
    std::string id;      // as wide as id_placeholder
    std::string created; // Unix seconds, ten digits
    std::string date;    // RFC 9110 §5.6.7

    /// `number` is unique in this process, `run` differs between processes.
    static Stamp make(std::uint64_t run, std::uint64_t number, std::int64_t unix_seconds);
};

/// Text that knows where its placeholders are.
class Stamped {
public:
    Stamped() = default;
    explicit Stamped(std::string text);

    void append_to(std::string& out, const Stamp& stamp) const;
    std::size_t size() const { return text_.size(); }

private:
    enum class Kind { id, created, date };
    struct Place {
        std::size_t offset;
        Kind kind;
    };
    void find(std::string_view needle, std::size_t skip, Kind kind);

    std::string text_;
    std::vector<Place> places_;
};

} // namespace tollgate::simulator
