#include "tollgate/domain/call.hpp"

#include "tollgate/base/check.hpp"

#include <algorithm>
#include <utility>

namespace tollgate::domain {

namespace {

/// By place; an insertion goes before a replacement there, insertions stay in the order given. An insertion
/// sort, since there are a handful and libstdc++ 12's stable_sort does not compile without warnings.
void sort_in_place(std::vector<Splice>& splices) {
    const auto stands_before = [](const Splice& left, const Splice& right) {
        return std::pair(left.at.offset, left.at.length) < std::pair(right.at.offset, right.at.length);
    };
    for (auto next = splices.begin(); next != splices.end(); ++next) {
        std::rotate(std::upper_bound(splices.begin(), next, *next, stands_before), next, next + 1);
    }
}

std::string quote(std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    std::string quoted = "\"";
    for (const char byte : text) {
        const auto code = static_cast<unsigned char>(byte);
        if (code < 0x20) {
            quoted.append("\\u00").append({hex[code >> 4u], hex[code & 0xfu]});
            continue;
        }
        if (byte == '"' || byte == '\\') quoted.push_back('\\');
        quoted.push_back(byte);
    }
    return quoted + '"';
}

} // namespace

std::string_view to_string(Endpoint endpoint) {
    switch (endpoint) {
    case Endpoint::chat_completions: return "chat.completions";
    case Endpoint::completions: return "completions";
    case Endpoint::embeddings: return "embeddings";
    }
    return "chat.completions";
}

std::string_view path_of(Endpoint endpoint) {
    switch (endpoint) {
    case Endpoint::chat_completions: return "/chat/completions";
    case Endpoint::completions: return "/completions";
    case Endpoint::embeddings: return "/embeddings";
    }
    return "/chat/completions";
}

std::string apply_splices(std::string_view body, std::vector<Splice> splices) {
    sort_in_place(splices);
    std::size_t size = body.size();
    for (const Splice& splice : splices) size += splice.text.size();

    std::string edited;
    edited.reserve(size);
    std::size_t done = 0;
    for (const Splice& splice : splices) {
        TG_CHECK(splice.at.offset >= done && splice.at.offset <= body.size());
        TG_CHECK(splice.at.length <= body.size() - splice.at.offset);
        edited.append(body.substr(done, splice.at.offset - done));
        edited.append(splice.text);
        done = splice.at.offset + splice.at.length;
    }
    edited.append(body.substr(done));
    return edited;
}

Splice rename_model(const Call& call, std::string_view name) {
    return {.at = call.model_value, .text = quote(name)};
}

std::optional<Splice> ask_for_usage(const Call& call) {
    constexpr std::string_view member = "\"include_usage\":true";
    if (call.include_usage) return std::nullopt;
    if (call.include_usage_value) return Splice{.at = *call.include_usage_value, .text = "true"};
    if (call.has_stream_options_members) {
        const Span behind_brace{.offset = call.stream_options_value->offset + 1, .length = 0};
        return Splice{.at = behind_brace, .text = std::string(member) + ','};
    }
    const std::string options = '{' + std::string(member) + '}';
    if (call.stream_options_value) return Splice{.at = *call.stream_options_value, .text = options};
    return Splice{.at = {.offset = call.object_open, .length = 0},
                  .text = "\"stream_options\":" + options + (call.is_empty_object ? "" : ",")};
}

std::vector<Splice> cap_output(const Call& call, std::uint64_t tokens, std::string_view member) {
    const std::string text = std::to_string(tokens);
    std::vector<Splice> splices;
    if (!call.output_caps.empty()) {
        for (const OutputCap& cap : call.output_caps) {
            if (cap.tokens > tokens) splices.push_back({.at = cap.value, .text = text});
        }
    } else if (!call.null_output_caps.empty()) {
        splices.push_back({.at = call.null_output_caps.front(), .text = text});
    } else {
        splices.push_back({.at = {.offset = call.object_open, .length = 0},
                           .text = quote(member) + ':' + text + (call.is_empty_object ? "" : ",")});
    }
    return splices;
}

} // namespace tollgate::domain
