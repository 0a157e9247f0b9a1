#include "gateway/cap_chunk.hpp"

#include "tollgate/http/event_stream.hpp"
#include "tollgate/upstream/openai_usage.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace tollgate::gateway {

namespace {

using Json = nlohmann::ordered_json;

/// Takes the first whole event off the front; empty when there is none.
std::string_view take_event(std::string_view& events) {
    http::EventScanner scanner;
    const std::size_t size = scanner.find_event_end(events);
    const std::string_view event =
        size == http::EventScanner::npos ? std::string_view() : events.substr(0, size);
    events.remove_prefix(event.size());
    return event;
}

/// The first chunk that the events hold; an empty object if there is none.
Json first_chunk(std::string_view events) {
    for (auto event = take_event(events); !event.empty(); event = take_event(events)) {
        Json chunk = Json::parse(http::parse_event(event).data, nullptr, false);
        if (chunk.is_object() && chunk.contains("choices")) return chunk;
    }
    return Json::object();
}

std::uint64_t text_of(std::string_view event) {
    const http::Event parsed = http::parse_event(event);
    return parsed.has_data ? upstream::read_chunk(parsed.data).text.bytes() : 0;
}

Json ended_choice(domain::Endpoint endpoint, std::uint64_t index) {
    Json choice{{"index", index}};
    if (endpoint == domain::Endpoint::chat_completions) {
        choice["delta"] = Json::object();
    } else {
        choice["text"] = "";
    }
    choice["logprobs"] = nullptr;
    choice["finish_reason"] = "length";
    return choice;
}

} // namespace

std::string cap_chunk(const domain::Call& call, std::string_view events) {
    constexpr std::uint64_t most_choices = 1'024; // of one chunk; n and prompts are bounded far below
    const Json seen = first_chunk(events);
    Json chunk = Json::object();
    for (const char* name : {"id", "object", "created", "model"}) {
        if (seen.contains(name)) chunk[name] = seen[name];
    }
    Json choices = Json::array();
    const std::uint64_t count = std::min(call.choices * call.prompts, most_choices);
    for (std::uint64_t index = 0; index < count; ++index)
        choices.push_back(ended_choice(call.endpoint, index));
    chunk["choices"] = std::move(choices);
    return "data: " + chunk.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n\n";
}

std::string_view paid_events(std::string_view events, std::uint64_t seen, std::uint64_t covered) {
    std::vector<std::pair<std::size_t, std::uint64_t>> sizes; // of each event, and of its text
    std::uint64_t text = 0;
    std::string_view rest = events;
    for (auto event = take_event(rest); !event.empty(); event = take_event(rest)) {
        sizes.emplace_back(event.size(), text_of(event));
        text += sizes.back().second;
    }
    std::uint64_t passed = seen - std::min(seen, text);
    std::size_t paid = 0;
    for (const auto& [size, tokens] : sizes) {
        passed += tokens;
        if (passed > covered) break;
        paid += size;
    }
    return events.substr(0, paid);
}

} // namespace tollgate::gateway
