#include "config/read_settings.hpp"

#include "tollgate/base/json_text.hpp"

#include <algorithm>

namespace tollgate::config {

namespace {

std::size_t count_digits(std::string_view text) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return static_cast<std::size_t>(std::ranges::find_if_not(text, is_digit) - text.begin());
}

/// The grammar of RFC 8259 §6.
bool is_json_number(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    const auto whole = count_digits(text);
    if (whole == 0 || (whole > 1 && text.front() == '0')) return false;
    text.remove_prefix(whole);
    if (text.starts_with('.')) {
        const auto fraction = count_digits(text.substr(1));
        if (fraction == 0) return false;
        text.remove_prefix(1 + fraction);
    }
    if (text.empty()) return true;
    if (text.front() != 'e' && text.front() != 'E') return false;
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    return !text.empty() && count_digits(text) == text.size();
}

void append_json(std::string& out, const Node& node) {
    if (node.kind == Node::Kind::null) {
        out += "null";
        return;
    }
    if (node.kind == Node::Kind::scalar) {
        const bool is_literal = node.text == "true" || node.text == "false" || is_json_number(node.text);
        if (is_literal) {
            out += node.text;
        } else {
            base::append_json_string(out, node.text);
        }
        return;
    }
    const bool is_map = node.kind == Node::Kind::map;
    out += is_map ? '{' : '[';
    for (const Node& item : node.items) {
        if (&item != &node.items.front()) out += ',';
        if (is_map) {
            base::append_json_string(out, item.name);
            out += ':';
        }
        append_json(out, item);
    }
    out += is_map ? '}' : ']';
}

} // namespace

std::string to_json(const Node& node) {
    std::string text;
    append_json(text, node);
    return text;
}

} // namespace tollgate::config
