#include "simulator/reply.hpp"

#include <algorithm>
#include <array>

namespace tollgate::simulator {

void Reply::add_event(std::string_view name, std::string_view data, std::uint32_t slot) {
    std::string bytes;
    bytes.reserve(name.size() + data.size() + 24);
    if (!name.empty()) bytes.append("event: ").append(name).append("\n");
    bytes.append("data: ").append(data).append("\n\n");
    events.push_back(Event{.bytes = Stamped(std::move(bytes)), .slot = slot});
}

std::string_view reason_phrase(int status) {
    static constexpr std::array<std::pair<int, std::string_view>, 24> phrases{{{200, "OK"},
                                                                               {201, "Created"},
                                                                               {202, "Accepted"},
                                                                               {204, "No Content"},
                                                                               {301, "Moved Permanently"},
                                                                               {302, "Found"},
                                                                               {307, "Temporary Redirect"},
                                                                               {308, "Permanent Redirect"},
                                                                               {400, "Bad Request"},
                                                                               {401, "Unauthorized"},
                                                                               {402, "Payment Required"},
                                                                               {403, "Forbidden"},
                                                                               {404, "Not Found"},
                                                                               {405, "Method Not Allowed"},
                                                                               {408, "Request Timeout"},
                                                                               {409, "Conflict"},
                                                                               {413, "Content Too Large"},
                                                                               {422, "Unprocessable Content"},
                                                                               {429, "Too Many Requests"},
                                                                               {500, "Internal Server Error"},
                                                                               {502, "Bad Gateway"},
                                                                               {503, "Service Unavailable"},
                                                                               {504, "Gateway Timeout"},
                                                                               {529, "Overloaded"}}};
    const auto found = std::ranges::find(phrases, status, &std::pair<int, std::string_view>::first);
    return found == phrases.end() ? std::string_view("Unknown") : found->second;
}

} // namespace tollgate::simulator
