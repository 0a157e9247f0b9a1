// Finds the first byte of a kind, sixteen at a time where the processor has SSE2 (every x86-64), else one by
// one. A kind is a type with the same question for one byte and for a block of them. Pure.
#pragma once

#include <cstddef>
#include <cstring>

#ifdef __SSE2__
#include <bit>
#include <emmintrin.h>
#endif

namespace tollgate::http {

#ifdef __SSE2__
using ByteBlock = __m128i;

inline ByteBlock load_block(const char* at) {
    ByteBlock block;
    std::memcpy(&block, at, sizeof block);
    return block;
}
#endif

/// One byte of a value.
template <char wanted>
struct ByteIs {
    static bool is(char byte) { return byte == wanted; }
#ifdef __SSE2__
    static ByteBlock are(ByteBlock block) { return _mm_cmpeq_epi8(block, _mm_set1_epi8(wanted)); }
#endif
};

/// What cannot stand in the value of a field: control characters but for the tab (RFC 9110 §5.5).
struct EndsFieldValue {
    static bool is(char byte) {
        return (static_cast<unsigned char>(byte) < 0x20 && byte != '\t') || byte == 0x7f;
    }
#ifdef __SSE2__
    static ByteBlock are(ByteBlock block) {
        const ByteBlock controls = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1f)), block);
        const ByteBlock tabs = _mm_cmpeq_epi8(block, _mm_set1_epi8('\t'));
        return _mm_or_si128(_mm_andnot_si128(tabs, controls), _mm_cmpeq_epi8(block, _mm_set1_epi8(0x7f)));
    }
#endif
};

/// A control character, the tab as well.
struct IsControl {
    static bool is(char byte) { return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f; }
#ifdef __SSE2__
    static ByteBlock are(ByteBlock block) {
        const ByteBlock low = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1f)), block);
        return _mm_or_si128(low, _mm_cmpeq_epi8(block, _mm_set1_epi8(0x7f)));
    }
#endif
};

/// What is not plain text inside a string of JSON: a quote, a backslash, a control character.
struct EndsPlainText {
    static bool is(char byte) {
        return byte == '"' || byte == '\\' || static_cast<unsigned char>(byte) < 0x20;
    }
#ifdef __SSE2__
    static ByteBlock are(ByteBlock block) {
        const ByteBlock controls = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1f)), block);
        const ByteBlock quotes = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
        return _mm_or_si128(_mm_or_si128(controls, quotes), _mm_cmpeq_epi8(block, _mm_set1_epi8('\\')));
    }
#endif
};

/// The same, or a byte that is no ASCII.
struct EndsPlainAscii {
    static bool is(char byte) {
        const auto code = static_cast<unsigned char>(byte);
        return byte == '"' || byte == '\\' || code < 0x20 || code >= 0x80;
    }
#ifdef __SSE2__
    static ByteBlock are(ByteBlock block) {
        // Signed, what is no ASCII is below zero.
        const ByteBlock odd = _mm_cmplt_epi8(block, _mm_set1_epi8(0x20));
        const ByteBlock quotes = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
        return _mm_or_si128(_mm_or_si128(odd, quotes), _mm_cmpeq_epi8(block, _mm_set1_epi8('\\')));
    }
#endif
};

/// The same bytes? In few steps for some dozens of them.
inline bool are_same(const char* left, const char* right, std::size_t size) {
    constexpr std::size_t block = 16;
    if (size < block || size > 3 * block) return std::memcmp(left, right, size) == 0;
    const auto differ_at = [&](std::size_t at) { return std::memcmp(left + at, right + at, block) != 0; };
    const std::size_t last = size - block;
    return !differ_at(0) && !differ_at(last) && !differ_at(last < block ? last : block);
}

/// One by one: for the last few bytes, for other processors, and what the other way is held against in tests.
template <class Kind>
const char* find_singly(const char* at, const char* end) {
    while (at != end && !Kind::is(*at)) ++at;
    return at;
}

/// The same where it is one of the next sixteen; else perhaps nullptr. Short enough to be put where it is
/// used.
template <class Kind>
const char* find_near(const char* at, const char* end) {
#ifdef __SSE2__
    if (end - at < 16) return nullptr;
    const auto found = static_cast<unsigned>(_mm_movemask_epi8(Kind::are(load_block(at))));
    return found != 0 ? at + std::countr_zero(found) : nullptr;
#else
    static_cast<void>(at);
    static_cast<void>(end);
    return nullptr;
#endif
}

/// The first byte of the kind, or `end`. What may be read begins at `first`, which lets the last few bytes be
/// looked at in one block with those before them.
template <class Kind>
const char* find_byte(const char* at, const char* end, const char* first) {
#ifdef __SSE2__
    const auto find_in = [](const char* block) {
        return static_cast<unsigned>(_mm_movemask_epi8(Kind::are(load_block(block))));
    };
    for (; end - at >= 16; at += 16) {
        if (const unsigned found = find_in(at)) return at + std::countr_zero(found);
    }
    if (end - first >= 16) {
        const unsigned found = find_in(end - 16) >> (16 - (end - at));
        return found != 0 ? at + std::countr_zero(found) : end;
    }
#else
    static_cast<void>(first);
#endif
    return find_singly<Kind>(at, end);
}

template <class Kind>
const char* find_byte(const char* at, const char* end) {
    return find_byte<Kind>(at, end, at);
}

} // namespace tollgate::http
