// Asks the wire formats without a socket.
#pragma once

#include "simulator/routes.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace tollgate::simulator {

inline Reply ask(std::string_view target, std::string_view body, const Settings& settings = {}) {
    Attempts attempts;
    const std::string_view method = body.empty() ? "GET" : "POST";
    return answer(
        Received{.method = method, .target = target, .body = body, .authorization = "", .api_key = ""},
        settings, attempts);
}

/// A stamped rendering, as a client would get it.
inline std::string stamped(const Stamped& text) {
    std::string out;
    text.append_to(out, Stamp::make(1, 1, 1'795'426'954));
    return out;
}

/// The JSON of each "data:" line but "[DONE]".
inline std::vector<nlohmann::json> chunks_of(const Reply& reply) {
    std::vector<nlohmann::json> chunks;
    for (const Event& event : reply.events) {
        const std::string bytes = stamped(event.bytes);
        const std::string data = bytes.substr(bytes.find("data: ") + 6);
        if (!data.starts_with("[DONE]")) chunks.push_back(nlohmann::json::parse(data));
    }
    return chunks;
}

inline nlohmann::json body_of(const Reply& reply) {
    return nlohmann::json::parse(stamped(Stamped(reply.body)));
}

} // namespace tollgate::simulator
