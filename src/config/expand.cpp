#include "config/expand.hpp"

#include <algorithm>

namespace tollgate::config {

namespace {

using Expansion = std::expected<std::string, std::string>;

constexpr int max_nesting = 4;
constexpr std::size_t max_bytes = 64 * kibibyte;

Expansion expand_nested(std::string_view text, const Environment& environment, int nesting);

bool is_name(std::string_view text) {
    const auto is_letter = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
    };
    const auto is_inner = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); };
    return !text.empty() && is_letter(text.front()) && std::ranges::all_of(text, is_inner);
}

/// The position of the brace that closes the reference whose content begins at `start`; npos: none.
std::size_t find_close(std::string_view text, std::size_t start) {
    int open = 1;
    for (std::size_t i = start; i < text.size(); ++i) {
        if (text.substr(i).starts_with("${")) ++open;
        if (text[i] == '}' && --open == 0) return i;
    }
    return std::string_view::npos;
}

Expansion read_file(std::string_view text, const Environment& environment, int nesting) {
    auto path = expand_nested(text, environment, nesting);
    if (!path) return path;
    auto content = environment.file(*path);
    if (!content) return std::unexpected("cannot read the file " + *path + ": " + content.error().message);
    if (content->ends_with('\n')) content->pop_back();
    if (content->ends_with('\r')) content->pop_back();
    return std::move(*content);
}

/// The value of what stands between the braces.
Expansion resolve(std::string_view reference, const Environment& environment, int nesting) {
    if (nesting > max_nesting) return std::unexpected("references are nested too deeply");
    if (reference.starts_with("file:")) return read_file(reference.substr(5), environment, nesting);
    const auto separator = reference.find(":-");
    const std::string name(reference.substr(0, separator));
    if (!is_name(name)) return std::unexpected("'${" + name + "}' does not name an environment variable");
    auto value = environment.variable(name);
    if (separator == std::string_view::npos) {
        if (value) return std::move(*value);
        return std::unexpected("the environment variable " + name + " is not set (${" + name +
                               ":-default} would allow that)");
    }
    if (value && !value->empty()) return std::move(*value);
    return expand_nested(reference.substr(separator + 2), environment, nesting);
}

Expansion expand_nested(std::string_view text, const Environment& environment, int nesting) {
    std::string result;
    while (!text.empty()) {
        const auto start = text.find("${");
        if (start == std::string_view::npos) break;
        if (start > 0 && text[start - 1] == '$') {
            result.append(text.substr(0, start - 1)).append("${");
            text.remove_prefix(start + 2);
            continue;
        }
        const auto close = find_close(text, start + 2);
        if (close == std::string_view::npos) return std::unexpected("a '${' has no closing brace");
        const auto value = resolve(text.substr(start + 2, close - start - 2), environment, nesting + 1);
        if (!value) return value;
        result.append(text.substr(0, start)).append(*value);
        if (result.size() > max_bytes)
            return std::unexpected("longer than 64 KiB once its references are replaced");
        text.remove_prefix(close + 1);
    }
    return result.append(text);
}

} // namespace

Expansion expand(std::string_view text, const Environment& environment) {
    return expand_nested(text, environment, 0);
}

} // namespace tollgate::config
