#include "tollgate/http/json_call.hpp"

#include "http/json_scalars.hpp"
#include "http/strict_json.hpp"

#include <charconv>

namespace tollgate::http {

using base::ErrorCode;
using domain::Call;
using domain::Endpoint;

namespace {

constexpr std::size_t model_limit = 256;
constexpr std::uint64_t choices_limit = 128;
constexpr std::uint64_t tokens_limit = 1'000'000'000; // beyond any model's, and safe to multiply by a price
constexpr std::size_t kept_limit = 1024 * 1024; // larger bodies do not leave their buffers with the thread

auto malformed(JsonFault fault) {
    const auto refuse = [](const char* message) { return base::reject(ErrorCode::malformed_json, message); };
    switch (fault) {
    case JsonFault::not_utf8: return refuse("The body is not UTF-8.");
    case JsonFault::too_deep: return refuse("The body's JSON is nested too deeply.");
    case JsonFault::duplicate_name:
        return refuse("The body's JSON has two members of one name in an object.");
    case JsonFault::too_many_members: return refuse("The body's JSON has an object with too many members.");
    case JsonFault::none:
    case JsonFault::malformed: break;
    }
    return refuse("The body is not a JSON object.");
}

auto missing(std::string_view name) {
    return base::reject(ErrorCode::missing_field, std::string(name) + " is required.", std::string(name));
}

auto invalid(std::string_view name, std::string_view rule) {
    return base::reject(ErrorCode::invalid_field, std::string(name) + " must be " + std::string(rule) + ".",
                        std::string(name));
}

/// Reads the members of one body into a Call.
class CallReader {
public:
    CallReader(std::string_view body, Call& call) : body_(body), call_(call) {}

    base::Result<void> read(const JsonMember& member, const std::vector<JsonMember>& stream_options) {
        const std::string_view name = member.name;
        if (name == "model") return read_model(member);
        if (name == "stream") return read_flag(name, member, call_.stream);
        if (name == "stream_options") return read_stream_options(member, stream_options);
        if (name == "max_tokens" || name == "max_completion_tokens") return read_output_cap(member);
        if (name == "n") return read_count(member, choices_limit, call_.choices);
        if (name == "best_of") return read_count(member, choices_limit, call_.best_of);
        if (name == "messages") return read_messages(member);
        if (name == "prompt") return read_prompt(member);
        if (name == "tools" || name == "functions" || name == "web_search_options") {
            call_.has_tools = call_.has_tools || (text(member) != "null" && text(member) != "[]");
        }
        if (name == "input") has_input_ = text(member) != "null";
        return {};
    }

    base::Result<void> check_presence() const {
        if (call_.model.empty()) return missing("model");
        if (call_.endpoint == Endpoint::chat_completions && !has_messages_) return missing("messages");
        if (call_.endpoint == Endpoint::embeddings && !has_input_) return missing("input");
        return {};
    }

private:
    std::string_view text(const JsonMember& member) const {
        return body_.substr(member.value.offset, member.value.length);
    }

    base::Result<void> read_model(const JsonMember& member) {
        const std::string_view value = text(member);
        const bool is_string = value.starts_with('"');
        const bool is_read = is_string && unescape(value.substr(1, value.size() - 2), call_.model);
        const auto is_control = [](char byte) { return (byte >= 0 && byte < 0x20) || byte == 0x7f; };
        if (!is_read || call_.model.empty() || call_.model.size() > model_limit ||
            std::ranges::any_of(call_.model, is_control)) {
            return invalid("model", "a string of 1 to 256 bytes without control characters");
        }
        call_.model_value = member.value;
        return {};
    }

    base::Result<void> read_flag(std::string_view name, const JsonMember& member, bool& flag) {
        const std::string_view value = text(member);
        flag = value == "true";
        if (!flag && value != "false" && value != "null") return invalid(name, "true or false");
        return {};
    }

    base::Result<void> read_stream_options(const JsonMember& member, const std::vector<JsonMember>& options) {
        const std::string_view value = text(member);
        if (!value.starts_with('{') && value != "null") return invalid("stream_options", "an object");
        call_.stream_options_value = member.value;
        call_.has_stream_options_members = !options.empty();
        for (const JsonMember& option : options) {
            if (option.name != "include_usage") continue;
            call_.include_usage_value = option.value;
            return read_flag("stream_options.include_usage", option, call_.include_usage);
        }
        return {};
    }

    base::Result<void> read_output_cap(const JsonMember& member) {
        if (text(member) == "null") {
            call_.null_output_caps.push_back(member.value);
            return {};
        }
        std::uint64_t tokens = 0;
        const auto read = read_count(member, tokens_limit, tokens);
        if (!read) return read;
        call_.output_caps.push_back({.tokens = tokens, .value = member.value});
        return {};
    }

    /// An integer from 1 to the limit; null leaves `count` alone.
    base::Result<void> read_count(const JsonMember& member, std::uint64_t limit, std::uint64_t& count) {
        const std::string_view value = text(member);
        if (value == "null") return {};
        const char* const end = value.data() + value.size();
        std::uint64_t number = 0;
        const auto parsed = std::from_chars(value.data(), end, number);
        if (parsed.ec != std::errc{} || parsed.ptr != end || number == 0 || number > limit) {
            return invalid(member.name, "an integer from 1 to " + std::to_string(limit));
        }
        count = number;
        return {};
    }

    /// An array holds a prompt in each element, unless these are numbers, the tokens of one prompt.
    base::Result<void> read_prompt(const JsonMember& member) {
        const std::string_view value = text(member);
        if (call_.endpoint != Endpoint::completions || !value.starts_with('[')) return {};
        const std::size_t first = value.find_first_not_of(" \t\r\n", 1);
        const bool is_list = value[first] == '"' || value[first] == '[';
        if (is_list) call_.prompts = count_elements(value);
        return {};
    }

    base::Result<void> read_messages(const JsonMember& member) {
        if (call_.endpoint != Endpoint::chat_completions) return {};
        const std::string_view value = text(member);
        if (value == "null") return {};
        if (!value.starts_with('[')) return invalid("messages", "an array");
        has_messages_ = true;
        return {};
    }

    std::string_view body_;
    Call& call_;
    bool has_messages_ = false;
    bool has_input_ = false;
};

base::Result<Call> read_call(std::string_view body, Endpoint endpoint, StrictJson& json) {
    const JsonFault fault = json.read(body, "stream_options");
    if (fault != JsonFault::none) return malformed(fault);

    base::Result<Call> call;
    call->endpoint = endpoint;
    call->prompt_bytes = body.size();
    call->object_open = body.find('{') + 1;
    call->is_empty_object = json.members().empty();
    call->attachments = json.attachments();
    call->most_text_tokens = json.prompt().tokens();
    call->has_unknown_members = json.prompt().has_unknown_member();
    CallReader reader(body, *call);
    for (const JsonMember& member : json.members()) {
        const auto read = reader.read(member, json.details());
        if (!read) return base::fail(read.error());
    }
    const auto presence = reader.check_presence();
    if (!presence) return base::fail(presence.error());
    return call;
}

} // namespace

base::Result<Call> parse_call(std::string_view body, Endpoint endpoint) {
    if (body.size() > kept_limit) {
        const auto json = std::make_unique<StrictJson>();
        return read_call(body, endpoint, *json);
    }
    thread_local StrictJson json;
    return read_call(body, endpoint, json);
}

} // namespace tollgate::http
