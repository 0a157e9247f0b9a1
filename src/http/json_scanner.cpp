#include "tollgate/http/json_scanner.hpp"

#include "http/json_scalars.hpp"
#include "tollgate/base/check.hpp"

#include <array>

namespace tollgate::http {

void JsonScanner::Text::append_to(std::string& text) const {
    unescape(raw, text);
}

/// Behind the opening quote.
bool JsonScanner::take_any_text(Text& text) {
    const char* const begin = at_;
    std::size_t saved = 0;
    at_ = find_byte<EndsPlainAscii>(at_, end_, first_);
    while (at_ != end_ && *at_ != '"') {
        if (*at_ == '\\') {
            const Escape escape = read_escape(std::string_view(at_, end_));
            if (escape.length == 0) return false;
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

bool JsonScanner::take_any_word() {
    const char* const begin = at_;
    while (at_ != end_ && !ends_word(*at_)) ++at_;
    const std::string_view word(begin, at_);
    return is_literal(word) || is_number(word);
}

/// An array or an object, without recursion: a level is known by the bracket that will close it.
bool JsonScanner::take_nested(int depth) {
    TG_CHECK(depth <= deepest);
    std::array<char, deepest> closings;
    int open = 0;
    JsonScanner here = *this;
    Text text;
    for (;;) {
        const char next = here.peek();
        if (next == '{' || next == '[') {
            if (open == depth) return false;
            const char closing = next == '{' ? '}' : ']';
            closings[static_cast<std::size_t>(open++)] = closing;
            here.take(next);
            here.skip_blanks();
            if (here.peek() != closing) {
                if (next == '{' && !here.take_name(text)) return false;
                continue;
            }
        } else if (next == '"') {
            if (!here.take_text(text)) return false;
        } else if (!here.take_word()) {
            return false;
        }
        // A value has ended, and with it perhaps what it stands in.
        for (;;) {
            if (open == 0) {
                *this = here;
                return true;
            }
            here.skip_blanks();
            const char closing = closings[static_cast<std::size_t>(open - 1)];
            if (here.take(',')) {
                here.skip_blanks();
                if (closing == '}' && !here.take_name(text)) return false;
                break;
            }
            if (!here.take(closing)) return false;
            --open;
        }
    }
}

} // namespace tollgate::http
