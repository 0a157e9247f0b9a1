#include "http/json_scanner.hpp"

#include "http/json_scalars.hpp"

#include <cstring>

#ifdef __SSE2__
#include <bit>
#include <emmintrin.h>
#endif

namespace tollgate::http {

namespace {

/// The first byte of a string's inside that is not plain text: a quote, a backslash, a control character.
const char* find_special(const char* at, const char* end) {
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i backslash = _mm_set1_epi8('\\');
    const __m128i last_control = _mm_set1_epi8(0x1f);
    for (; end - at >= 16; at += 16) {
        __m128i block;
        std::memcpy(&block, at, sizeof block);
        const __m128i is_control = _mm_cmpeq_epi8(_mm_min_epu8(block, last_control), block);
        const __m128i is_mark = _mm_or_si128(_mm_cmpeq_epi8(block, quote), _mm_cmpeq_epi8(block, backslash));
        const auto found = static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(is_control, is_mark)));
        if (found != 0) return at + std::countr_zero(found);
    }
#endif
    while (at != end && *at != '"' && *at != '\\' && static_cast<unsigned char>(*at) >= 0x20) ++at;
    return at;
}

bool ends_word(char byte) {
    return byte == ',' || byte == '}' || byte == ']' || byte == ' ' || byte == '\n' || byte == '\r' ||
           byte == '\t';
}

} // namespace

bool JsonScanner::take_text(Text& text) {
    if (!take('"')) return false;
    const char* const begin = at_;
    text.has_escapes = false;
    for (;;) {
        at_ = find_special(at_, end_);
        if (at_ == end_) return false;
        if (*at_ == '"') break;
        if (*at_ != '\\' || end_ - at_ < 2) return false;
        text.has_escapes = true;
        at_ += 2; // whatever is escaped, it does not end the string
    }
    text.raw = std::string_view(begin, at_++);
    return !text.has_escapes || has_good_escapes(text.raw);
}

bool JsonScanner::take_word() {
    const char* const begin = at_;
    while (at_ != end_ && !ends_word(*at_)) ++at_;
    const std::string_view word(begin, at_);
    return is_number(word) || is_literal(word);
}

bool JsonScanner::take_value(int depth) {
    skip_blanks();
    Text text;
    switch (peek()) {
    case '{': return depth > 0 && take_members(depth - 1);
    case '[': return depth > 0 && take_elements(depth - 1);
    case '"': return take_text(text);
    default: return take_word();
    }
}

bool JsonScanner::take_members(int depth) {
    ++at_;
    skip_blanks();
    if (take('}')) return true;
    for (;;) {
        Text name;
        skip_blanks();
        if (!take_text(name)) return false;
        skip_blanks();
        if (!take(':') || !take_value(depth)) return false;
        skip_blanks();
        if (take('}')) return true;
        if (!take(',')) return false;
    }
}

bool JsonScanner::take_elements(int depth) {
    ++at_;
    skip_blanks();
    if (take(']')) return true;
    for (;;) {
        if (!take_value(depth)) return false;
        skip_blanks();
        if (take(']')) return true;
        if (!take(',')) return false;
    }
}

} // namespace tollgate::http
