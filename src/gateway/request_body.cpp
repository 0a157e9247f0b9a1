#include "gateway/request_body.hpp"

#include <utility>
#include <vector>

namespace tollgate::gateway {

namespace {

/// The name as a JSON string; names come from configuration and from the call itself.
std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out.push_back('\\');
        out.push_back(c);
    }
    return out + "\"";
}

/// Puts `member` first into the object whose opening brace ends at `open`.
domain::Splice insert_member(std::size_t open, std::string member, std::string_view rest) {
    const auto next = rest.find_first_not_of(" \t\r\n");
    const bool empty = next != std::string_view::npos && rest[next] == '}';
    return {{open, 0}, empty ? std::move(member) : member + ","};
}

domain::Splice ask_for_usage(const domain::Call& call, std::string_view body) {
    if (call.include_usage_value) return {*call.include_usage_value, "true"};
    if (call.stream_options_value && body[call.stream_options_value->offset] == '{') {
        const std::size_t open = call.stream_options_value->offset + 1;
        return insert_member(open, "\"include_usage\":true", body.substr(open));
    }
    if (call.stream_options_value)
        return {*call.stream_options_value, "{\"include_usage\":true}"}; // it was null
    return insert_member(call.object_open, "\"stream_options\":{\"include_usage\":true}",
                         body.substr(call.object_open));
}

} // namespace

std::string request_body(const domain::Call& call, std::string_view body, std::string_view model) {
    std::vector<domain::Splice> splices;
    if (call.model != model) splices.push_back({call.model_value, quoted(model)});
    const bool may_report =
        call.endpoint == domain::Endpoint::chat_completions || call.endpoint == domain::Endpoint::completions;
    if (call.stream && !call.include_usage && may_report) splices.push_back(ask_for_usage(call, body));
    return domain::apply_splices(body, std::move(splices));
}

} // namespace tollgate::gateway
