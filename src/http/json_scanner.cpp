#include "tollgate/http/json_scanner.hpp"

#include "http/byte_search.hpp"
#include "http/json_scalars.hpp"

namespace tollgate::http {

namespace {

bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

bool ends_word(char byte) {
    return byte == ',' || byte == '}' || byte == ']' || byte == ' ' || byte == '\n' || byte == '\r' ||
           byte == '\t';
}

} // namespace

void JsonScanner::Text::append_to(std::string& text) const {
    unescape(raw, text);
}

bool JsonScanner::take_text(Text& text) {
    if (!take('"')) return false;
    const char* const begin = at_;
    at_ = find_byte<EndsPlainAscii>(begin, end_, first_);
    if (at_ == end_ || *at_ != '"') return take_odd_text(begin, text);
    text.raw = std::string_view(begin, at_++);
    text.size = text.raw.size();
    text.has_escapes = false;
    return true;
}

/// Goes on at a byte that is neither plain ASCII nor the end of the text.
bool JsonScanner::take_odd_text(const char* begin, Text& text) {
    std::size_t saved = 0;
    text.has_escapes = false;
    while (at_ != end_ && *at_ != '"') {
        if (*at_ == '\\') {
            const Escape escape = read_escape(std::string_view(at_, end_));
            if (escape.length == 0) return false;
            text.has_escapes = true;
            saved += escape.length - utf8_size(escape.code_point);
            at_ += escape.length;
        } else if (static_cast<unsigned char>(*at_) < 0x20) {
            return false;
        } else {
            is_ascii_ = false;
        }
        at_ = is_ascii_ ? find_byte<EndsPlainAscii>(at_, end_, first_)
                        : find_byte<EndsPlainText>(at_, end_, first_);
    }
    if (at_ == end_) return false;
    text.raw = std::string_view(begin, at_++);
    text.size = text.raw.size() - saved;
    return true;
}

bool JsonScanner::take_word() {
    const char* const begin = at_;
    while (at_ != end_ && is_digit(*at_)) ++at_;
    // Nearly every number is this.
    const bool is_whole = at_ == end_ || ends_word(*at_);
    if (at_ != begin && is_whole) return *begin != '0' || at_ - begin == 1;
    while (at_ != end_ && !ends_word(*at_)) ++at_;
    const std::string_view word(begin, at_);
    return is_literal(word) || is_number(word);
}

bool JsonScanner::take_value(int depth) {
    skip_blanks();
    Text text;
    switch (peek()) {
    case '{': return depth > 0 && take_object([&](const Text&) { return take_value(depth - 1); });
    case '[': return depth > 0 && take_array([&] { return take_value(depth - 1); });
    case '"': return take_text(text);
    default: return take_word();
    }
}

} // namespace tollgate::http
