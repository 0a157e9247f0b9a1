// POST embeddings: vectors of unit length that depend on the input only, as numbers or as base64 of
// little-endian floats.
#include "simulator/openai_format.hpp"
#include "simulator/openai_routes.hpp"
#include "simulator/text.hpp"

#include <bit>
#include <cmath>
#include <cstring>
#include <functional>

namespace tollgate::simulator::openai {

namespace {

constexpr std::size_t most_inputs = 2048;
constexpr std::uint64_t most_dimensions = 8192;

/// One entry for each vector; a list of numbers is one tokenised input.
std::vector<std::string> inputs_of(const Json& input) {
    if (input.is_string()) return {input.get<std::string>()};
    if (!input.is_array() || input.empty()) return {};
    if (input.front().is_number()) return {input.dump()};
    std::vector<std::string> all;
    for (const Json& one : input) all.push_back(one.is_string() ? one.get<std::string>() : one.dump());
    return all;
}

std::uint64_t fnv1a(std::string_view text) {
    std::uint64_t hash = 0xCBF29CE484222325U;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
    return hash;
}

std::vector<float> vector_of(std::string_view input, std::size_t dimensions) {
    Dice dice(fnv1a(input));
    std::vector<float> vector(dimensions);
    double square = 0;
    for (float& value : vector) {
        value = static_cast<float>(static_cast<double>(dice.next() >> 11U) / 9007199254740992.0 - 0.5);
        square += static_cast<double>(value) * static_cast<double>(value);
    }
    const double length = std::sqrt(square);
    for (float& value : vector) value = static_cast<float>(static_cast<double>(value) / length);
    return vector;
}

std::string base64(std::string_view bytes) {
    static constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k)
            group = (group << 8U) | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
        for (std::size_t k = 0; k < 4; ++k)
            out += i + k <= bytes.size() ? digits[(group >> (18U - 6U * k)) & 63U] : '=';
    }
    return out;
}

std::string base64_of(const std::vector<float>& vector) {
    static_assert(std::endian::native == std::endian::little);
    std::string bytes(vector.size() * sizeof(float), '\0');
    std::memcpy(bytes.data(), vector.data(), bytes.size());
    return base64(bytes);
}

std::uint64_t dimensions_of(const Call& call) {
    const bool large = call.model.find("large") != std::string::npos;
    return number_of(call.body, "dimensions", large ? 3072 : 1536);
}

} // namespace

Reply answer_embeddings(const Call& call) {
    const auto input = call.body.find("input");
    const auto inputs = input == call.body.end() ? std::vector<std::string>{} : inputs_of(*input);
    if (inputs.empty() || inputs.size() > most_inputs)
        return error(bad_request("'$.input' is invalid. Please check the API reference.", "input"));
    const std::uint64_t dimensions = dimensions_of(call);
    if (dimensions < 1 || dimensions > most_dimensions)
        return error(bad_request("Invalid value for 'dimensions'.", "dimensions"));
    const bool encoded = text_of(call.body, "encoding_format") == "base64";
    Json data = Json::array();
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const std::vector<float> vector = vector_of(inputs[i], dimensions);
        data.push_back(Json{{"object", "embedding"},
                            {"index", i},
                            {"embedding", encoded ? Json(base64_of(vector)) : Json(vector)}});
    }
    const std::uint64_t prompt = prompt_tokens(call.script, prompt_bytes(*input));
    Json body{{"object", "list"}, {"data", std::move(data)}, {"model", call.model_answered}};
    const bool shown = call.script.usage != UsagePlace::off;
    if (shown) body["usage"] = Json{{"prompt_tokens", prompt}, {"total_tokens", prompt}};
    Reply reply = json_reply(call, body);
    reply.counts.prompt = prompt;
    reply.usage_shown = shown ? UsageShown::yes : UsageShown::no;
    return reply;
}

} // namespace tollgate::simulator::openai
