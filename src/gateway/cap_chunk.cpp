#include "gateway/cap_chunk.hpp"

#include "tollgate/http/event_stream.hpp"

#include <nlohmann/json.hpp>

namespace tollgate::gateway {

namespace {

using Json = nlohmann::ordered_json;

/// The first chunk that the events hold; an empty object if there is none.
Json first_chunk(std::string_view events) {
    http::EventScanner scanner;
    while (!events.empty()) {
        const std::size_t size = scanner.find_event_end(events);
        if (size == http::EventScanner::npos) break;
        const http::Event event = http::parse_event(events.substr(0, size));
        Json chunk = Json::parse(event.data, nullptr, false);
        if (chunk.is_object() && chunk.contains("choices")) return chunk;
        events.remove_prefix(size);
    }
    return Json::object();
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

} // namespace tollgate::gateway
