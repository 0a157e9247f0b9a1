#include "simulator/text.hpp"

#include <algorithm>
#include <array>

namespace tollgate::simulator {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 48> vocabulary{
    "the",     "river",  "carries", "a",       "quiet",  "letter", "from", "one",    "town",  "to",
    "another", "where",  "bridge",  "keeper",  "counts", "every",  "cart", "and",    "coin",  "that",
    "passes",  "before", "dusk",    "while",   "lamps",  "are",    "lit",  "along",  "stone", "road",
    "some",    "travel", "slowly",  "others",  "run",    "with",   "news", "of",     "rain",  "over",
    "hills",   "nobody", "minds",   "waiting", "here",   "for",    "good", "company"};

constexpr int deepest = 8;

char to_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string type_of(const Json& schema) {
    const auto type = schema.find("type");
    if (type == schema.end()) return schema.contains("properties") ? "object" : "string";
    if (type->is_array() && !type->empty() && type->front().is_string())
        return type->front().get<std::string>();
    std::string name = type->is_string() ? type->get<std::string>() : "string";
    std::ranges::transform(name, name.begin(), to_lower); // Gemini writes STRING
    return name;
}

Json sample_at(const Json& schema, Dice& dice, int depth);

Json sample_object(const Json& schema, Dice& dice, int depth) {
    Json object = Json::object();
    const auto properties = schema.find("properties");
    if (properties == schema.end() || !properties->is_object()) return object;
    for (const auto& [name, property] : properties->items())
        object[name] = sample_at(property, dice, depth + 1);
    return object;
}

Json sample_at(const Json& schema, Dice& dice, int depth) {
    if (!schema.is_object() || depth > deepest) return nullptr;
    if (const auto constant = schema.find("const"); constant != schema.end()) return *constant;
    if (const auto choices = schema.find("enum");
        choices != schema.end() && choices->is_array() && !choices->empty())
        return choices->front();
    for (const char* key : {"anyOf", "oneOf"})
        if (const auto any = schema.find(key); any != schema.end() && any->is_array() && !any->empty())
            return sample_at(any->front(), dice, depth + 1);
    const std::string type = type_of(schema);
    if (type == "object") return sample_object(schema, dice, depth);
    if (type == "array")
        return Json::array({sample_at(schema.value("items", Json::object()), dice, depth + 1)});
    if (type == "integer") return dice.next() % 100;
    if (type == "number") return static_cast<double>(dice.next() % 1000) / 8;
    if (type == "boolean") return true;
    if (type == "null") return nullptr;
    return std::string(vocabulary[dice.next() % vocabulary.size()]);
}

bool is_continuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

} // namespace

std::uint64_t Dice::next() {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
}

std::vector<std::string> words(std::uint64_t seed, std::size_t count) {
    Dice dice(seed);
    std::vector<std::string> result;
    result.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        std::string word(i == 0 ? "" : " ");
        result.push_back(word.append(vocabulary[dice.next() % vocabulary.size()]));
    }
    return result;
}

std::vector<std::string> pieces(std::string_view text, std::size_t width) {
    std::vector<std::string> result;
    while (!text.empty()) {
        std::size_t size = std::min(std::max<std::size_t>(width, 1), text.size());
        while (size < text.size() && is_continuation(text[size])) ++size;
        result.emplace_back(text.substr(0, size));
        text.remove_prefix(size);
    }
    return result;
}

Json sample_of(const Json& schema, std::uint64_t seed) {
    Dice dice(seed);
    return sample_at(schema, dice, 0);
}

} // namespace tollgate::simulator
