// A request as the wire formats see it: route, JSON body and script. Lives for one answer.
#pragma once

#include "simulator/reply.hpp"
#include "simulator/script.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace tollgate::simulator {

using Json = nlohmann::ordered_json;

/// What came over the wire, in views that outlive the call.
struct Received {
    std::string_view method;
    std::string_view target; // path and query as sent
    std::string_view body;
    std::string_view authorization; // of Authorization
    std::string_view api_key;       // of x-api-key, x-goog-api-key or api-key
    std::string_view directives{};  // of x-simulator
    std::string_view content_type{};
};

struct Call {
    Received received;
    std::string_view rest; // of the path, behind the last "/v1/", without the query
    Json body{};           // an object; empty for a call without a body
    std::string model{};   // as asked for, directives included
    std::string model_answered{};
    Script script{};
    std::uint32_t default_tokens = 32;
    bool stream = false;

    std::uint32_t tokens() const { return script.tokens.value_or(default_tokens); }
};

/// What a sender may read of the body, without exceptions: the member or the default when absent or of
/// another type.
std::uint64_t number_of(const Json& object, const char* name, std::uint64_t otherwise);
bool flag_of(const Json& object, const char* name);
std::string text_of(const Json& object, const char* name);

/// Bytes of all text in a prompt: strings, arrays of messages, parts of messages.
std::size_t prompt_bytes(const Json& prompt);

/// A quarter of the bytes rounded up, at least 1; the script has precedence.
std::uint64_t prompt_tokens(const Script& script, std::size_t bytes);

} // namespace tollgate::simulator
