// A provider as the upstream layer needs it: where it is, its credentials, how long to wait. Read-only, made
// at start, shared by all workers.
#pragma once

#include "tollgate/base/secret.hpp"
#include "tollgate/runtime/tls_client.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tollgate::upstream {

struct Timeouts {
    std::chrono::milliseconds connect{5'000};
    std::chrono::milliseconds first_byte{120'000};
    std::chrono::milliseconds idle{60'000};
    std::chrono::milliseconds total{900'000};
};

struct Provider {
    std::string name{};
    std::optional<std::size_t> metric{}; // index of its counts; absent: counted as `other`
    std::string host{};                  // without brackets
    std::uint16_t port = 443;
    std::string host_field{}; // of the Host field: the port only where it is not the scheme's own
    std::string base_path{};  // "/v1", no slash at the end
    runtime::TlsClient tls{}; // empty: plain HTTP
    std::vector<base::Secret> keys{};
    Timeouts timeouts{};
    std::uint32_t attempts = 3;
    std::uint32_t connections = 512; // open at once, per worker
    bool keep_alive = true;
    std::uint32_t breaker_failures = 5;
    std::chrono::milliseconds breaker_open_time{30'000};
};

} // namespace tollgate::upstream
