// GET models, GET models/{id} and POST moderations.
#include "simulator/generation.hpp"
#include "simulator/openai_format.hpp"
#include "simulator/openai_routes.hpp"

#include <array>

namespace tollgate::simulator::openai {

namespace {

constexpr std::array listed{"gpt-4o",
                            "gpt-4o-mini",
                            "gpt-4.1",
                            "gpt-4.1-mini",
                            "gpt-5",
                            "gpt-5-mini",
                            "o3",
                            "o4-mini",
                            "text-embedding-3-small",
                            "text-embedding-3-large",
                            "omni-moderation-latest"};

Json model_object(std::string_view id) {
    return Json{{"id", id}, {"object", "model"}, {"created", 1715367049}, {"owned_by", "system"}};
}

constexpr std::array categories{"harassment",
                                "harassment/threatening",
                                "sexual",
                                "hate",
                                "hate/threatening",
                                "illicit",
                                "illicit/violent",
                                "self-harm/intent",
                                "self-harm/instructions",
                                "self-harm",
                                "sexual/minors",
                                "violence",
                                "violence/graphic"};

Json moderation_result() {
    Json flags = Json::object();
    Json scores = Json::object();
    Json types = Json::object();
    for (const char* category : categories) {
        flags[category] = false;
        scores[category] = 0.0001220703125;
        types[category] = Json::array({"text"});
    }
    return Json{{"flagged", false},
                {"categories", std::move(flags)},
                {"category_scores", std::move(scores)},
                {"category_applied_input_types", std::move(types)}};
}

} // namespace

Reply answer_models(const Call& call) {
    Json data = Json::array();
    for (const char* id : listed) data.push_back(model_object(id));
    return json_reply(call, Json{{"object", "list"}, {"data", std::move(data)}});
}

Reply answer_model(const Call& call) {
    return json_reply(call, model_object(call.rest.substr(call.rest.find('/') + 1)));
}

Reply answer_moderation(const Call& call) {
    const auto input = call.body.find("input");
    if (input == call.body.end()) return error(bad_request("Missing required parameter: 'input'.", "input"));
    const std::size_t count =
        input->is_array() && !input->empty() && input->front().is_string() ? input->size() : 1;
    Json results = Json::array();
    for (std::size_t i = 0; i < count; ++i) results.push_back(moderation_result());
    return json_reply(call, Json{{"id", "modr-" + std::string(id_placeholder) + "SimTg03"},
                                 {"model", call.model_answered},
                                 {"results", std::move(results)}});
}

} // namespace tollgate::simulator::openai
