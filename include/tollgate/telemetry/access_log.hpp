// The access log: one line of level info for each request, through the log's queue. Any thread.
#pragma once

#include "tollgate/base/money.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tollgate::telemetry {

/// What is known of a request at its end. Texts are borrowed for the duration of the call; what is empty,
/// absent or zero in the second half is left out of the line.
struct AccessEntry {
    std::string_view request_id{};
    std::string_view client_address{};
    std::string_view method{};
    std::string_view path{}; // without its query, which may hold a credential
    int status = 0;          // 0: the client left before an answer
    std::chrono::milliseconds duration{0};
    std::uint64_t bytes_in = 0;  // body of the request
    std::uint64_t bytes_out = 0; // body of the answer

    std::string_view reason{}; // base::to_string(ErrorCode)
    std::string_view key_id{};
    std::string_view account_id{};
    std::string_view model{};
    std::string_view provider{};
    std::uint64_t input_tokens = 0;
    std::uint64_t output_tokens = 0;
    std::optional<base::Money> cost{}; // ledger currency
    std::optional<std::chrono::milliseconds> first_byte{};
    std::uint32_t attempts = 0;
    bool stream = false;
    bool client_gone = false;
};

/// Writes the line unless the level or LogOptions::access leaves it out.
void log_access(const AccessEntry& entry);

} // namespace tollgate::telemetry
