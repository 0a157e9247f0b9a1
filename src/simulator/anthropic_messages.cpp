// POST messages and messages/count_tokens. Shapes after the API reference: message objects, and the named
// events message_start, content_block_start, …_delta, …_stop, message_delta, message_stop of a stream.
#include "simulator/anthropic_format.hpp"
#include "simulator/generation.hpp"

#include <algorithm>

namespace tollgate::simulator::anthropic {

namespace {

bool answers_tool_result(const Json& messages) {
    if (!messages.is_array() || messages.empty()) return false;
    const auto content = messages.back().find("content");
    if (content == messages.back().end() || !content->is_array()) return false;
    return std::ranges::any_of(*content,
                               [](const Json& part) { return text_of(part, "type") == "tool_result"; });
}

const Json* find_tool(const Json& tools, const std::string& name) {
    for (const Json& tool : tools)
        if (name.empty() || text_of(tool, "name") == name) return &tool;
    return nullptr;
}

/// As in the OpenAI format: the script, then tool_choice, then the first tool that is given.
void choose_tool(const Call& call, Prompt& prompt) {
    const Json tools = call.body.value("tools", Json::array());
    const Json choice = call.body.value("tool_choice", Json::object());
    std::string name = call.script.tool;
    if (name == "none" || answers_tool_result(call.body.value("messages", Json::array()))) return;
    if (name.empty() && (!tools.is_array() || tools.empty() || text_of(choice, "type") == "none")) return;
    if (name.empty()) name = text_of(choice, "name");
    const Json* tool = tools.is_array() ? find_tool(tools, name) : nullptr;
    prompt.tool = tool != nullptr ? text_of(*tool, "name") : name;
    prompt.tool_schema = tool != nullptr ? tool->value("input_schema", Json::object()) : Json::object();
}

std::size_t bytes_of(const Call& call) {
    std::size_t bytes = prompt_bytes(call.body.value("messages", Json::array()));
    bytes += prompt_bytes(call.body.value("system", Json("")));
    if (const auto tools = call.body.find("tools"); tools != call.body.end()) bytes += tools->dump().size();
    return bytes;
}

std::string stop_reason(const Call& call, const Generation& generation) {
    if (!call.script.finish.empty()) return call.script.finish;
    if (generation.reached_cap) return "max_tokens";
    return generation.content == Content::tool ? "tool_use" : "end_turn";
}

Json empty_block(const Generation& generation) {
    if (generation.content != Content::tool) return Json{{"type", "text"}, {"text", ""}};
    return Json{{"type", "tool_use"},
                {"id", "toolu_" + std::string(id_placeholder)},
                {"name", generation.tool},
                {"input", Json::object()}};
}

Json full_block(const Generation& generation) {
    Json block = empty_block(generation);
    const std::string content = joined(generation.choices.front());
    if (generation.content != Content::tool) {
        block["text"] = content;
        return block;
    }
    // What a cap has cut off is no JSON any more; the real provider then gives what it has, as an object.
    Json input = Json::parse(content, nullptr, false);
    block["input"] = input.is_discarded() ? Json::object() : std::move(input);
    return block;
}

Json message_object(const Call& call, Json content, Json reason) {
    return Json{{"id", "msg_" + std::string(id_placeholder)},
                {"type", "message"},
                {"role", "assistant"},
                {"model", call.model_answered},
                {"content", std::move(content)},
                {"stop_reason", std::move(reason)},
                {"stop_sequence", nullptr}};
}

Reply whole_answer(const Call& call, const Generation& generation) {
    Json message = message_object(call, Json::array({full_block(generation)}), stop_reason(call, generation));
    const bool shown = call.script.usage != UsagePlace::off;
    if (shown) message["usage"] = usage_object(generation.counts);
    Reply reply = reply_for(call);
    reply.body = text(message);
    reply.usage_shown = shown ? UsageShown::yes : UsageShown::no;
    return reply;
}

void add(Reply& reply, const char* name, Json members, std::uint32_t slot) {
    Json event{{"type", name}};
    event.update(members);
    reply.add_event(name, text(event), slot);
}

/// The first usage has the whole input and one token of output, as with the real provider.
void open_stream(const Call& call, const Generation& generation, Reply& reply) {
    Json message = message_object(call, Json::array(), nullptr);
    TokenCounts first = generation.counts;
    first.completion = std::min<std::uint64_t>(first.completion, 1);
    if (call.script.usage != UsagePlace::off) message["usage"] = usage_object(first);
    add(reply, "message_start", Json{{"message", std::move(message)}}, 0);
    add(reply, "content_block_start", Json{{"index", 0}, {"content_block", empty_block(generation)}}, 0);
    add(reply, "ping", Json::object(), 0);
}

void close_stream(const Call& call, const Generation& generation, Reply& reply) {
    const std::uint32_t slot = reply.events.back().slot;
    add(reply, "content_block_stop", Json{{"index", 0}}, slot);
    Json end{{"delta", {{"stop_reason", stop_reason(call, generation)}, {"stop_sequence", nullptr}}}};
    if (call.script.usage != UsagePlace::off) end["usage"] = usage_object(generation.counts);
    add(reply, "message_delta", std::move(end), slot);
    add(reply, "message_stop", Json::object(), slot);
}

Reply streamed_answer(const Call& call, const Generation& generation) {
    Reply reply = reply_for(call);
    reply.form = Form::stream;
    reply.content_type = "text/event-stream; charset=utf-8";
    open_stream(call, generation, reply);
    const bool tool = generation.content == Content::tool;
    std::uint32_t slot = 0;
    for (const std::string& piece : generation.choices.front()) {
        Json delta = tool ? Json{{"type", "input_json_delta"}, {"partial_json", piece}}
                          : Json{{"type", "text_delta"}, {"text", piece}};
        add(reply, "content_block_delta", Json{{"index", 0}, {"delta", std::move(delta)}}, slot++);
    }
    close_stream(call, generation, reply);
    reply.usage_shown = call.script.usage == UsagePlace::off ? UsageShown::no : UsageShown::yes;
    return reply;
}

bool has_messages(const Call& call) {
    const auto messages = call.body.find("messages");
    return messages != call.body.end() && messages->is_array() && !messages->empty();
}

} // namespace

Reply answer_messages(const Call& call) {
    if (!has_messages(call)) return refused("messages: at least one message is required");
    Prompt prompt;
    prompt.bytes = bytes_of(call);
    prompt.most_tokens = number_of(call.body, "max_tokens", 0);
    if (prompt.most_tokens == 0) return refused("max_tokens: Field required");
    choose_tool(call, prompt);
    const Generation generation = generate(call, prompt);
    Reply reply = call.stream ? streamed_answer(call, generation) : whole_answer(call, generation);
    reply.counts = generation.counts;
    reply.slots = static_cast<std::uint32_t>(generation.choices.front().size());
    return reply;
}

Reply answer_count_tokens(const Call& call) {
    if (!has_messages(call)) return refused("messages: at least one message is required");
    Reply reply = reply_for(call);
    reply.body = text(Json{{"input_tokens", prompt_tokens(call.script, bytes_of(call))}});
    return reply;
}

} // namespace tollgate::simulator::anthropic
