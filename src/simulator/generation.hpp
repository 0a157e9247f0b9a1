// What a model "generates": text, JSON or a tool call, in pieces of one token each, and what it counts.
// Shared by the formats that have prompts. Pure.
#pragma once

#include "simulator/call.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace tollgate::simulator {

/// What a format found in a request, in neutral words.
struct Prompt {
    std::size_t bytes = 0;
    std::uint64_t choices = 1;
    std::uint64_t most_tokens = 0; // 0: no cap
    std::string tool{};            // name of the tool to call, empty for none
    Json tool_schema{};
    Json json_schema{}; // of a JSON answer; null for text
};

enum class Content { text, json, tool };

struct Generation {
    Content content = Content::text;
    std::string tool{};
    std::vector<std::vector<std::string>> choices{}; // the pieces of each
    bool reached_cap = false;                        // max_tokens ended it
    TokenCounts counts{};
};

Generation generate(const Call& call, const Prompt& prompt);

/// All pieces of one choice.
std::string joined(const std::vector<std::string>& pieces);

} // namespace tollgate::simulator
