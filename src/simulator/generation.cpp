#include "simulator/generation.hpp"

#include "simulator/text.hpp"

#include <algorithm>

namespace tollgate::simulator {

namespace {

constexpr std::size_t json_piece_bytes = 4;

/// What max_tokens leaves for visible text.
std::uint64_t visible_cap(const Call& call, const Prompt& prompt) {
    if (prompt.most_tokens == 0 || call.script.cap == Cap::ignored) return UINT64_MAX;
    return prompt.most_tokens - std::min(prompt.most_tokens, call.script.reasoning_tokens);
}

std::vector<std::string> natural_pieces(const Call& call, const Prompt& prompt, std::uint64_t choice) {
    const std::uint64_t seed = call.script.seed + choice;
    if (!prompt.tool.empty()) return pieces(sample_of(prompt.tool_schema, seed).dump(), json_piece_bytes);
    if (!prompt.json_schema.is_null())
        return pieces(sample_of(prompt.json_schema, seed).dump(), json_piece_bytes);
    return words(seed, call.tokens());
}

} // namespace

Generation generate(const Call& call, const Prompt& prompt) {
    Generation result;
    result.tool = prompt.tool;
    result.content = !prompt.tool.empty()            ? Content::tool
                     : !prompt.json_schema.is_null() ? Content::json
                                                     : Content::text;
    const std::uint64_t cap = visible_cap(call, prompt);
    std::uint64_t completion = 0;
    for (std::uint64_t choice = 0; choice < prompt.choices; ++choice) {
        auto all = natural_pieces(call, prompt, choice);
        // JSON has the length it has; a scripted count is then only what is reported.
        const std::uint64_t wanted =
            result.content == Content::text ? all.size() : call.script.tokens.value_or(all.size());
        if (std::max<std::uint64_t>(wanted, all.size()) > cap) result.reached_cap = true;
        if (all.size() > cap) all.resize(cap);
        completion += std::min(wanted, cap);
        result.choices.push_back(std::move(all));
    }
    std::uint64_t reasoning = call.script.reasoning_tokens;
    if (prompt.most_tokens != 0 && call.script.cap == Cap::honoured)
        reasoning = std::min(reasoning, prompt.most_tokens);
    result.counts = TokenCounts{.prompt = prompt_tokens(call.script, prompt.bytes),
                                .completion = completion + reasoning,
                                .cached = call.script.cached_tokens,
                                .cache_write = call.script.cache_write_tokens,
                                .reasoning = reasoning};
    return result;
}

std::string joined(const std::vector<std::string>& pieces) {
    std::string all;
    for (const std::string& piece : pieces) all += piece;
    return all;
}

} // namespace tollgate::simulator
