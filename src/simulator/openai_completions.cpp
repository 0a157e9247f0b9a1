// POST completions, the older endpoint: text_completion objects, the same object whole and streamed.
#include "simulator/generation.hpp"
#include "simulator/openai_format.hpp"
#include "simulator/openai_routes.hpp"

namespace tollgate::simulator::openai {

namespace {

Json completion_object(const Call& call) {
    return Json{{"id", "cmpl-" + std::string(id_placeholder) + "SimTg02"},
                {"object", "text_completion"},
                {"created", created_placeholder},
                {"model", call.model_answered},
                {"system_fingerprint", system_fingerprint}};
}

Json choice_object(std::size_t index, std::string content, Json finish) {
    return Json{{"text", std::move(content)},
                {"index", index},
                {"logprobs", nullptr},
                {"finish_reason", std::move(finish)}};
}

Json finish_reason(const Call& call, const Generation& generation) {
    if (!call.script.finish.empty()) return call.script.finish;
    return generation.reached_cap ? "length" : "stop";
}

Reply whole_answer(const Call& call, const Generation& generation) {
    Json body = completion_object(call);
    body["choices"] = Json::array();
    for (std::size_t i = 0; i < generation.choices.size(); ++i)
        body["choices"].push_back(
            choice_object(i, joined(generation.choices[i]), finish_reason(call, generation)));
    const bool shown = call.script.usage != UsagePlace::off;
    if (shown) body["usage"] = usage_object(generation.counts);
    Reply reply = json_reply(call, body);
    reply.usage_shown = shown ? UsageShown::yes : UsageShown::no;
    return reply;
}

bool reports_usage(const Call& call) {
    if (call.script.usage == UsagePlace::off) return false;
    const Json options = call.body.value("stream_options", Json::object());
    return call.script.usage != UsagePlace::as_asked ||
           (options.is_object() && flag_of(options, "include_usage"));
}

Reply streamed_answer(const Call& call, const Generation& generation) {
    Reply reply = reply_for(call);
    reply.form = Form::stream;
    reply.content_type = "text/event-stream; charset=utf-8";
    const bool reported = reports_usage(call);
    const auto add = [&](Json choices, const Json& usage, std::uint32_t slot) {
        Json chunk = completion_object(call);
        chunk["choices"] = std::move(choices);
        if (reported) chunk["usage"] = usage;
        reply.add_event("", text(chunk), slot);
    };
    std::uint32_t last = 0;
    for (std::size_t i = 0; i < generation.choices.size(); ++i) {
        std::uint32_t slot = 0;
        for (const std::string& piece : generation.choices[i]) {
            last = slot++;
            add(Json::array({choice_object(i, piece, nullptr)}), nullptr, last);
        }
        add(Json::array({choice_object(i, "", finish_reason(call, generation))}), nullptr, last);
    }
    if (reported) add(Json::array(), usage_object(generation.counts), last);
    reply.add_event("", "[DONE]", last);
    reply.usage_shown = reported ? UsageShown::yes : UsageShown::no;
    return reply;
}

} // namespace

Reply answer_completion(const Call& call) {
    const auto found = call.body.find("prompt");
    if (found == call.body.end())
        return error(bad_request("Missing required parameter: 'prompt'.", "prompt"));
    Prompt prompt;
    prompt.bytes = prompt_bytes(*found);
    prompt.choices = number_of(call.body, "n", 1);
    prompt.most_tokens = number_of(call.body, "max_tokens", 16); // the documented default
    if (prompt.choices < 1 || prompt.choices > 128)
        return error(bad_request("Invalid 'n': integer outside of 1 to 128.", "n"));
    const Generation generation = generate(call, prompt);
    Reply reply = call.stream ? streamed_answer(call, generation) : whole_answer(call, generation);
    reply.counts = generation.counts;
    reply.slots = static_cast<std::uint32_t>(generation.choices.front().size());
    return reply;
}

} // namespace tollgate::simulator::openai
