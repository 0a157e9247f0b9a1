#include "gateway/request_body.hpp"

#include <utility>
#include <vector>

namespace tollgate::gateway {

std::optional<std::string> request_body(const domain::Call& call, std::string_view body,
                                        const BodyEdits& edits) {
    std::vector<domain::Splice> splices;
    if (call.model != edits.model) splices.push_back(domain::rename_model(call, edits.model));
    const bool may_report = call.endpoint != domain::Endpoint::embeddings;
    if (call.stream && may_report) {
        if (auto asked = domain::ask_for_usage(call)) splices.push_back(std::move(*asked));
    }
    if (edits.output_cap) {
        auto caps = domain::cap_output(call, *edits.output_cap, edits.cap_member);
        splices.insert(splices.end(), caps.begin(), caps.end());
    }
    if (splices.empty()) return std::nullopt;
    return domain::apply_splices(body, std::move(splices));
}

std::string_view cap_member_of(std::string_view provider, domain::Endpoint endpoint) {
    // OpenAI's reasoning models refuse max_tokens; other providers do not know its successor.
    const bool newer = provider == "openai" && endpoint == domain::Endpoint::chat_completions;
    return newer ? "max_completion_tokens" : "max_tokens";
}

} // namespace tollgate::gateway
