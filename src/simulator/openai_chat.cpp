// POST chat/completions. Shapes after the API reference: chat.completion and chat.completion.chunk objects.
#include "simulator/generation.hpp"
#include "simulator/openai_format.hpp"
#include "simulator/openai_routes.hpp"

#include <algorithm>

namespace tollgate::simulator::openai {

namespace {

constexpr std::uint64_t most_choices = 128;

bool answers_tool_result(const Json& messages) {
    return messages.is_array() && !messages.empty() && text_of(messages.back(), "role") == "tool";
}

const Json* find_tool(const Json& tools, const std::string& name) {
    for (const Json& tool : tools) {
        const auto function = tool.find("function");
        if (function == tool.end()) continue;
        if (name.empty() || text_of(*function, "name") == name) return &*function;
    }
    return nullptr;
}

/// The script has precedence over tool_choice; a tool's result is answered with text, so that agents come to
/// an end.
void choose_tool(const Call& call, Prompt& prompt) {
    const Json tools = call.body.value("tools", Json::array());
    const Json choice = call.body.value("tool_choice", Json("auto"));
    std::string name = call.script.tool;
    if (name == "none" || answers_tool_result(call.body.value("messages", Json::array()))) return;
    if (name.empty() && (!tools.is_array() || tools.empty() || choice == "none")) return;
    if (name.empty() && choice.is_object()) name = text_of(choice.value("function", Json::object()), "name");
    const Json* function = tools.is_array() ? find_tool(tools, name) : nullptr;
    prompt.tool = function != nullptr ? text_of(*function, "name") : name;
    prompt.tool_schema = function != nullptr ? function->value("parameters", Json::object()) : Json::object();
}

Json json_schema_of(const Json& body) {
    const Json wanted = body.value("response_format", Json::object());
    const std::string type = text_of(wanted, "type");
    if (type == "json_schema")
        return wanted.value("json_schema", Json::object()).value("schema", Json::object());
    if (type == "json_object") return Json{{"properties", {{"answer", {{"type", "string"}}}}}};
    return nullptr;
}

Prompt read_prompt(const Call& call) {
    Prompt prompt;
    prompt.bytes = prompt_bytes(call.body.value("messages", Json::array()));
    if (const auto tools = call.body.find("tools"); tools != call.body.end())
        prompt.bytes += tools->dump().size();
    prompt.choices = number_of(call.body, "n", 1);
    prompt.most_tokens = number_of(call.body, "max_completion_tokens", number_of(call.body, "max_tokens", 0));
    choose_tool(call, prompt);
    if (prompt.tool.empty()) prompt.json_schema = json_schema_of(call.body);
    return prompt;
}

std::string finish_reason(const Call& call, const Generation& generation) {
    if (!call.script.finish.empty()) return call.script.finish;
    if (generation.reached_cap) return "length";
    return generation.content == Content::tool ? "tool_calls" : "stop";
}

std::string tool_call_id(std::size_t choice) {
    return "call_" + std::string(id_placeholder) + static_cast<char>('a' + choice / 26) +
           static_cast<char>('a' + choice % 26);
}

std::string answer_id() {
    return "chatcmpl-" + std::string(id_placeholder) + "SimTg01";
}

Json whole_choice(const Call& call, const Generation& generation, std::size_t index) {
    Json message{{"role", "assistant"}, {"content", nullptr}};
    const std::string content = joined(generation.choices[index]);
    if (generation.content == Content::tool)
        message["tool_calls"] =
            Json::array({{{"id", tool_call_id(index)},
                          {"type", "function"},
                          {"function", {{"name", generation.tool}, {"arguments", content}}}}});
    else
        message["content"] = content;
    message["refusal"] = nullptr;
    message["annotations"] = Json::array();
    return Json{{"index", index},
                {"message", std::move(message)},
                {"logprobs", nullptr},
                {"finish_reason", finish_reason(call, generation)}};
}

Reply whole_answer(const Call& call, const Generation& generation) {
    Json choices = Json::array();
    for (std::size_t i = 0; i < generation.choices.size(); ++i)
        choices.push_back(whole_choice(call, generation, i));
    Json body{{"id", answer_id()},
              {"object", "chat.completion"},
              {"created", created_placeholder},
              {"model", call.model_answered},
              {"choices", std::move(choices)}};
    if (call.script.usage != UsagePlace::off) body["usage"] = usage_object(generation.counts);
    body["service_tier"] = "default";
    body["system_fingerprint"] = system_fingerprint;
    Reply reply = json_reply(call, body);
    reply.usage_shown = call.script.usage == UsagePlace::off ? UsageShown::no : UsageShown::yes;
    return reply;
}

/// Writes the chunks of one stream in order and knows where usage belongs.
class ChunkWriter {
public:
    ChunkWriter(const Call& call, const Generation& generation, Reply& reply)
        : call_(call), generation_(generation), reply_(reply) {
        const Json options = call.body.value("stream_options", Json::object());
        asked_ = options.is_object() && flag_of(options, "include_usage");
        counts_ = generation.counts;
        counts_.completion = 0;
    }

    void choice_chunk(std::size_t index, Json delta, std::uint32_t slot) {
        add(index, std::move(delta), nullptr, slot);
    }

    void finish_chunk(std::size_t index, std::uint32_t slot) {
        add(index, Json::object(), finish_reason(call_, generation_), slot);
    }

    void count_token() { ++counts_.completion; }

    void end(std::uint32_t slot) {
        const UsagePlace place = call_.script.usage;
        if (place == UsagePlace::always ||
            (asked_ && (place == UsagePlace::as_asked || place == UsagePlace::every))) {
            Json chunk = head();
            chunk["choices"] = Json::array();
            show(chunk, generation_.counts);
            reply_.add_event("", text(chunk), slot);
        }
        reply_.add_event("", "[DONE]", slot);
    }

private:
    Json head() const {
        return Json{{"id", answer_id()},
                    {"object", "chat.completion.chunk"},
                    {"created", created_placeholder},
                    {"model", call_.model_answered},
                    {"service_tier", "default"},
                    {"system_fingerprint", system_fingerprint}};
    }

    void show(Json& chunk, const TokenCounts& counts) {
        chunk["usage"] = usage_object(counts);
        reply_.usage_shown = UsageShown::yes;
    }

    void add(std::size_t index, Json delta, const Json& finish, std::uint32_t slot) {
        Json chunk = head();
        chunk["choices"] = Json::array({{{"index", index},
                                         {"delta", std::move(delta)},
                                         {"logprobs", nullptr},
                                         {"finish_reason", finish}}});
        const UsagePlace place = call_.script.usage;
        const bool last = !finish.is_null() && index + 1 == generation_.choices.size();
        if (place == UsagePlace::every)
            show(chunk, last ? generation_.counts : counts_);
        else if ((place == UsagePlace::finish && last) ||
                 (place == UsagePlace::chunk && reply_.events.size() == call_.script.usage_chunk))
            show(chunk, generation_.counts);
        else if (asked_ && place != UsagePlace::off)
            chunk["usage"] = nullptr;
        reply_.add_event("", text(chunk), slot);
    }

    const Call& call_;
    const Generation& generation_;
    Reply& reply_;
    TokenCounts counts_;
    bool asked_ = false;
};

Json opening_delta(const Generation& generation, std::size_t choice) {
    if (generation.content != Content::tool)
        return Json{{"role", "assistant"}, {"content", ""}, {"refusal", nullptr}};
    return Json{{"role", "assistant"},
                {"content", nullptr},
                {"tool_calls", Json::array({{{"index", 0},
                                             {"id", tool_call_id(choice)},
                                             {"type", "function"},
                                             {"function", {{"name", generation.tool}, {"arguments", ""}}}}})},
                {"refusal", nullptr}};
}

Json piece_delta(const Generation& generation, const std::string& piece) {
    if (generation.content != Content::tool) return Json{{"content", piece}};
    return Json{{"tool_calls", Json::array({{{"index", 0}, {"function", {{"arguments", piece}}}}})}};
}

Reply streamed_answer(const Call& call, const Generation& generation) {
    Reply reply = reply_for(call);
    reply.form = Form::stream;
    reply.content_type = "text/event-stream; charset=utf-8";
    ChunkWriter writer(call, generation, reply);
    const std::size_t choices = generation.choices.size();
    for (std::size_t i = 0; i < choices; ++i) writer.choice_chunk(i, opening_delta(generation, i), 0);
    std::size_t longest = 0;
    for (const auto& choice : generation.choices) longest = std::max(longest, choice.size());
    for (std::size_t token = 0; token < longest; ++token)
        for (std::size_t i = 0; i < choices; ++i) {
            if (token >= generation.choices[i].size()) continue;
            writer.count_token();
            writer.choice_chunk(i, piece_delta(generation, generation.choices[i][token]),
                                static_cast<std::uint32_t>(token));
        }
    const auto last = static_cast<std::uint32_t>(longest == 0 ? 0 : longest - 1);
    for (std::size_t i = 0; i < choices; ++i) writer.finish_chunk(i, last);
    writer.end(last);
    return reply;
}

} // namespace

Reply answer_chat(const Call& call) {
    const auto messages = call.body.find("messages");
    if (messages == call.body.end())
        return error(bad_request("Missing required parameter: 'messages'.", "messages"));
    if (!messages->is_array() || messages->empty())
        return error(bad_request("Invalid 'messages': expected a non-empty array.", "messages"));
    const Prompt prompt = read_prompt(call);
    if (prompt.choices < 1 || prompt.choices > most_choices)
        return error(bad_request("Invalid 'n': integer outside of 1 to 128.", "n"));
    const Generation generation = generate(call, prompt);
    Reply reply = call.stream ? streamed_answer(call, generation) : whole_answer(call, generation);
    reply.counts = generation.counts;
    reply.slots = static_cast<std::uint32_t>(generation.choices.front().size());
    return reply;
}

} // namespace tollgate::simulator::openai
