// What a server says of itself in INFO, as far as it matters here. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tollgate::storage::redis {

struct ServerState {
    std::string run_id{}; // of this start of this server
    std::string role{};   // "master" or "slave"
    std::string eviction{"noeviction"};
    std::uint64_t evicted_keys = 0;
    std::uint64_t max_memory = 0;
    std::int64_t time_us = 0; // of the server's clock
    bool is_loading = false;

    bool is_master() const { return role == "master"; }
    /// May this server throw away keys that nobody gave a time to live?
    bool may_evict() const { return max_memory > 0 && eviction != "noeviction"; }
};

ServerState parse_server_state(std::string_view info);

/// Why a server that may evict is not used.
std::string eviction_complaint(const ServerState& state);

} // namespace tollgate::storage::redis
