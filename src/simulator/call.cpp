#include "simulator/call.hpp"

#include <algorithm>

namespace tollgate::simulator {

std::uint64_t number_of(const Json& object, const char* name, std::uint64_t otherwise) {
    const auto found = object.find(name);
    if (found == object.end() || !found->is_number_integer() || *found < 0) return otherwise;
    return found->get<std::uint64_t>();
}

bool flag_of(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_boolean() && found->get<bool>();
}

std::string text_of(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::size_t prompt_bytes(const Json& prompt) {
    if (prompt.is_string()) return prompt.get_ref<const std::string&>().size();
    if (prompt.is_number()) return 4; // one token of a tokenised prompt
    std::size_t total = 0;
    if (prompt.is_array())
        for (const Json& part : prompt) total += prompt_bytes(part);
    if (prompt.is_object())
        for (const char* name : {"content", "text", "input", "arguments", "parts"})
            if (const auto found = prompt.find(name); found != prompt.end()) total += prompt_bytes(*found);
    return total;
}

std::uint64_t prompt_tokens(const Script& script, std::size_t bytes) {
    return script.prompt_tokens.value_or(std::max<std::uint64_t>(1, (bytes + 3) / 4));
}

} // namespace tollgate::simulator
