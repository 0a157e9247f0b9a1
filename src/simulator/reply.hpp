// A rendered answer and how to send it. A value; the wire formats make it, delivery sends it.
#pragma once

#include "simulator/script.hpp"
#include "simulator/stamp.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tollgate::simulator {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// Totals as OpenAI counts them: cached tokens are part of the prompt, reasoning tokens part of the
/// completion.
struct TokenCounts {
    std::uint64_t prompt = 0;
    std::uint64_t completion = 0;
    std::uint64_t cached = 0;
    std::uint64_t cache_write = 0;
    std::uint64_t reasoning = 0;
    friend bool operator==(const TokenCounts&, const TokenCounts&) = default;
};

/// One event of a stream, without HTTP framing. It is due at first token + slot / tokens_per_second.
struct Event {
    Stamped bytes;
    std::uint32_t slot = 0;
};

enum class Form { whole, stream };
enum class UsageShown { no, yes };

/// How an answer came to be chosen; bears on whether it may be given again to the same bytes.
enum class Repeatable { no, yes };

struct Reply {
    int status = 200;
    Form form = Form::whole;
    std::string content_type = "application/json";
    Headers headers{};
    std::string body{};          // whole answers; placeholders still in it
    std::vector<Event> events{}; // streams
    TokenCounts counts{};        // what was used, reported or not
    UsageShown usage_shown = UsageShown::no;
    Repeatable repeatable = Repeatable::yes;
    std::string model{};
    Script script{};
    std::uint32_t slots = 0; // a whole answer comes when a stream of so many tokens would have ended

    /// Adds one event "data: …\n\n", behind "event: NAME\n" unless the name is empty.
    void add_event(std::string_view name, std::string_view data, std::uint32_t slot);
};

/// The status line's phrase, for example "Too Many Requests".
std::string_view reason_phrase(int status);

} // namespace tollgate::simulator
