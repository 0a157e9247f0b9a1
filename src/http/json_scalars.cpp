#include "http/json_scalars.hpp"

#include "http/characters.hpp"

#include <charconv>
#include <cstdint>

namespace tollgate::http {

namespace {

bool take_digits(std::string_view& token) {
    std::size_t count = 0;
    while (count < token.size() && is_a(character::digit, token[count])) ++count;
    token.remove_prefix(count);
    return count > 0;
}

/// The four digits behind "\u" at `at`.
bool read_unit(std::string_view raw, std::size_t at, std::uint32_t& unit) {
    if (raw.size() < at + 6 || raw[at] != '\\' || raw[at + 1] != 'u') return false;
    const std::string_view digits = raw.substr(at + 2, 4);
    return is_all(character::hex, digits) &&
           std::from_chars(digits.data(), digits.data() + digits.size(), unit, 16).ec == std::errc{};
}

Escape read_unicode_escape(std::string_view raw) {
    std::uint32_t high = 0;
    if (!read_unit(raw, 0, high)) return {};
    if (high < 0xd800 || high > 0xdfff) return {.code_point = high, .length = 6};
    std::uint32_t low = 0;
    const bool is_pair = high < 0xdc00 && read_unit(raw, 6, low) && low >= 0xdc00 && low <= 0xdfff;
    if (!is_pair) return {};
    return {.code_point = 0x10000 + ((high - 0xd800) << 10u) + (low - 0xdc00), .length = 12};
}

void append_utf8(char32_t code_point, std::string& text) {
    const auto byte = [&text](char32_t value) { text.push_back(static_cast<char>(value)); };
    const auto continuation = [&byte, code_point](unsigned shift) {
        byte(0x80u | ((code_point >> shift) & 0x3fu));
    };
    if (code_point < 0x80) {
        byte(code_point);
    } else if (code_point < 0x800) {
        byte(0xc0u | (code_point >> 6u));
    } else if (code_point < 0x10000) {
        byte(0xe0u | (code_point >> 12u));
        continuation(6);
    } else {
        byte(0xf0u | (code_point >> 18u));
        continuation(12);
        continuation(6);
    }
    if (code_point >= 0x80) continuation(0);
}

} // namespace

bool is_number(std::string_view token) {
    if (token.starts_with('-')) token.remove_prefix(1);
    if (token.starts_with('0')) {
        token.remove_prefix(1);
    } else if (!take_digits(token)) {
        return false;
    }
    if (token.starts_with('.')) {
        token.remove_prefix(1);
        if (!take_digits(token)) return false;
    }
    if (token.starts_with('e') || token.starts_with('E')) {
        token.remove_prefix(1);
        if (token.starts_with('+') || token.starts_with('-')) token.remove_prefix(1);
        if (!take_digits(token)) return false;
    }
    return token.empty();
}

bool is_literal(std::string_view token) {
    return token == "true" || token == "false" || token == "null";
}

Escape read_escape(std::string_view bytes) {
    if (bytes.size() < 2) return {};
    switch (bytes[1]) {
    case '"':
    case '\\':
    case '/': return {.code_point = static_cast<char32_t>(bytes[1]), .length = 2};
    case 'b': return {.code_point = '\b', .length = 2};
    case 'f': return {.code_point = '\f', .length = 2};
    case 'n': return {.code_point = '\n', .length = 2};
    case 'r': return {.code_point = '\r', .length = 2};
    case 't': return {.code_point = '\t', .length = 2};
    case 'u': return read_unicode_escape(bytes);
    default: return {};
    }
}

std::size_t count_elements(std::string_view array) {
    std::size_t elements = 1;
    int depth = 0;
    for (std::size_t at = 0; at < array.size(); ++at) {
        switch (array[at]) {
        case '[':
        case '{': ++depth; break;
        case ']':
        case '}': --depth; break;
        case ',': elements += depth == 1 ? 1 : 0; break;
        case '"':
            for (++at; at < array.size() && array[at] != '"'; ++at) {
                if (array[at] == '\\') ++at;
            }
            break;
        default: break;
        }
    }
    return elements;
}

bool unescape(std::string_view raw, std::string& text) {
    std::size_t done = 0;
    for (std::size_t at = raw.find('\\'); at != std::string_view::npos; at = raw.find('\\', done)) {
        const Escape escape = read_escape(raw.substr(at));
        if (escape.length == 0) return false;
        text.append(raw.substr(done, at - done));
        append_utf8(escape.code_point, text);
        done = at + escape.length;
    }
    text.append(raw.substr(done));
    return true;
}

} // namespace tollgate::http
