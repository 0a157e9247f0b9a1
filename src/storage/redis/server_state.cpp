#include "storage/redis/server_state.hpp"

#include <charconv>

namespace tollgate::storage::redis {

namespace {

std::uint64_t number(std::string_view text) {
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

void take(ServerState& state, std::string_view name, std::string_view value) {
    if (name == "run_id") state.run_id = value;
    if (name == "role") state.role = value;
    if (name == "maxmemory_policy") state.eviction = value;
    if (name == "evicted_keys") state.evicted_keys = number(value);
    if (name == "maxmemory") state.max_memory = number(value);
    if (name == "server_time_usec") state.time_us = static_cast<std::int64_t>(number(value));
    if (name == "loading") state.is_loading = value == "1";
}

} // namespace

ServerState parse_server_state(std::string_view info) {
    ServerState state;
    while (!info.empty()) {
        const auto end = info.find("\r\n");
        const std::string_view line = info.substr(0, end);
        info.remove_prefix(end == std::string_view::npos ? info.size() : end + 2);
        const auto colon = line.find(':');
        if (colon != std::string_view::npos) take(state, line.substr(0, colon), line.substr(colon + 1));
    }
    return state;
}

std::string eviction_complaint(const ServerState& state) {
    return "maxmemory-policy is " + state.eviction +
           ": a server that throws keys away cannot keep budgets; set it to noeviction";
}

} // namespace tollgate::storage::redis
