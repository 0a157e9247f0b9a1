// POST models/{model}:generateContent, :streamGenerateContent and :countTokens. Shapes after the API
// reference; a stream is events with alt=sse, and one JSON array without it.
#include "simulator/gemini_format.hpp"
#include "simulator/generation.hpp"

#include <algorithm>

namespace tollgate::simulator::gemini {

namespace {

std::string_view verb_of(const Call& call) {
    const std::size_t colon = call.rest.rfind(':');
    return colon == std::string_view::npos ? std::string_view{} : call.rest.substr(colon + 1);
}

bool answers_function(const Json& contents) {
    if (!contents.is_array() || contents.empty()) return false;
    const auto parts = contents.back().find("parts");
    if (parts == contents.back().end() || !parts->is_array()) return false;
    return std::ranges::any_of(*parts, [](const Json& part) { return part.contains("functionResponse"); });
}

const Json* find_function(const Json& tools, const std::string& name) {
    for (const Json& tool : tools) {
        const auto functions = tool.find("functionDeclarations");
        if (functions == tool.end() || !functions->is_array()) continue;
        for (const Json& function : *functions)
            if (name.empty() || text_of(function, "name") == name) return &function;
    }
    return nullptr;
}

/// As in the other formats: the script, then the function that is allowed, then the first that is declared.
void choose_tool(const Call& call, Prompt& prompt) {
    const Json tools = call.body.value("tools", Json::array());
    const Json config =
        call.body.value("toolConfig", Json::object()).value("functionCallingConfig", Json::object());
    std::string name = call.script.tool;
    if (name == "none" || answers_function(call.body.value("contents", Json::array()))) return;
    if (name.empty() && text_of(config, "mode") == "NONE") return;
    const Json allowed = config.value("allowedFunctionNames", Json::array());
    if (name.empty() && allowed.is_array() && !allowed.empty() && allowed.front().is_string())
        name = allowed.front().get<std::string>();
    const Json* function = tools.is_array() ? find_function(tools, name) : nullptr;
    if (name.empty() && function == nullptr) return;
    prompt.tool = function != nullptr ? text_of(*function, "name") : name;
    prompt.tool_schema = Json::object();
    for (const char* member : {"parameters", "parametersJsonSchema"})
        if (function != nullptr && function->contains(member)) prompt.tool_schema = function->at(member);
}

std::size_t bytes_of(const Call& call) {
    std::size_t bytes = prompt_bytes(call.body.value("contents", Json::array()));
    bytes += prompt_bytes(call.body.value("systemInstruction", Json::object()));
    if (const auto tools = call.body.find("tools"); tools != call.body.end()) bytes += tools->dump().size();
    return bytes;
}

Prompt read_prompt(const Call& call) {
    const Json config = call.body.value("generationConfig", Json::object());
    Prompt prompt;
    prompt.bytes = bytes_of(call);
    prompt.choices = std::clamp<std::uint64_t>(number_of(config, "candidateCount", 1), 1, 8);
    prompt.most_tokens = number_of(config, "maxOutputTokens", 0);
    choose_tool(call, prompt);
    if (prompt.tool.empty() && text_of(config, "responseMimeType") == "application/json")
        prompt.json_schema =
            config.value("responseSchema", Json{{"properties", {{"answer", Json::object()}}}});
    return prompt;
}

std::string finish_reason(const Call& call, const Generation& generation) {
    if (!call.script.finish.empty()) return call.script.finish;
    return generation.reached_cap ? "MAX_TOKENS" : "STOP";
}

Json candidate(Json part, std::size_t index) {
    return Json{{"content", {{"parts", Json::array({std::move(part)})}, {"role", "model"}}},
                {"index", index}};
}

Json function_part(const Generation& generation, std::size_t index) {
    Json arguments = Json::parse(joined(generation.choices[index]), nullptr, false);
    if (arguments.is_discarded()) arguments = Json::object();
    return Json{{"functionCall", {{"name", generation.tool}, {"args", std::move(arguments)}}}};
}

Json chunk_object(const Call& call, Json candidates, const TokenCounts& counts) {
    Json chunk{{"candidates", std::move(candidates)}};
    if (call.script.usage != UsagePlace::off) chunk["usageMetadata"] = usage_object(counts);
    chunk["modelVersion"] = call.model_answered;
    chunk["responseId"] = id_placeholder;
    return chunk;
}

Json whole_object(const Call& call, const Generation& generation) {
    Json candidates = Json::array();
    for (std::size_t i = 0; i < generation.choices.size(); ++i) {
        Json part = generation.content == Content::tool ? function_part(generation, i)
                                                        : Json{{"text", joined(generation.choices[i])}};
        candidates.push_back(candidate(std::move(part), i));
        candidates.back()["finishReason"] = finish_reason(call, generation);
    }
    return chunk_object(call, std::move(candidates), generation.counts);
}

/// One object a token, with running totals as the real provider sends them; a function call comes in one
/// piece.
std::vector<Json> streamed_objects(const Call& call, const Generation& generation) {
    std::vector<Json> objects;
    if (generation.content == Content::tool || generation.choices.front().empty()) {
        objects.push_back(whole_object(call, generation));
        return objects;
    }
    std::size_t longest = 0;
    for (const auto& choice : generation.choices) longest = std::max(longest, choice.size());
    TokenCounts counts = generation.counts;
    counts.completion = counts.reasoning;
    for (std::size_t token = 0; token < longest; ++token) {
        Json candidates = Json::array();
        for (std::size_t i = 0; i < generation.choices.size(); ++i) {
            if (token >= generation.choices[i].size()) continue;
            ++counts.completion;
            candidates.push_back(candidate(Json{{"text", generation.choices[i][token]}}, i));
            if (token + 1 == generation.choices[i].size())
                candidates.back()["finishReason"] = finish_reason(call, generation);
        }
        objects.push_back(
            chunk_object(call, std::move(candidates), token + 1 == longest ? generation.counts : counts));
    }
    return objects;
}

Reply streamed_answer(const Call& call, const Generation& generation) {
    const std::vector<Json> objects = streamed_objects(call, generation);
    Reply reply = reply_for(call);
    if (call.received.target.find("alt=sse") == std::string_view::npos) {
        reply.body = text(Json(objects));
        return reply;
    }
    reply.form = Form::stream;
    reply.content_type = "text/event-stream";
    std::uint32_t slot = 0;
    for (const Json& object : objects) reply.add_event("", text(object), slot++);
    return reply;
}

} // namespace

Reply answer_verb(const Call& call) {
    const std::string_view verb = verb_of(call);
    const bool streams = verb == "streamGenerateContent";
    if (!streams && verb != "generateContent" && verb != "countTokens")
        return error(Failure{.status = 404, .message = "The method is not found."});
    const auto contents = call.body.find("contents");
    if (contents == call.body.end() || !contents->is_array() || contents->empty())
        return refused("* GenerateContentRequest.contents: contents is not specified\n");
    Reply reply = reply_for(call);
    if (verb == "countTokens") {
        reply.body = text(Json{{"totalTokens", prompt_tokens(call.script, bytes_of(call))}});
        return reply;
    }
    const Generation generation = generate(call, read_prompt(call));
    if (streams)
        reply = streamed_answer(call, generation);
    else
        reply.body = text(whole_object(call, generation));
    reply.counts = generation.counts;
    reply.usage_shown = call.script.usage == UsagePlace::off ? UsageShown::no : UsageShown::yes;
    reply.slots = static_cast<std::uint32_t>(generation.choices.front().size());
    return reply;
}

} // namespace tollgate::simulator::gemini
