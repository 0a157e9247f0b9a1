// Reads JSON (RFC 8259) from the front of bytes, token by token, and checks all of it but UTF-8: a document
// is read once, in place, and nothing is copied. Whoever uses it decides what the tokens mean. Pure.
#pragma once

#include "tollgate/http/byte_search.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace tollgate::http {

class JsonScanner {
public:
    explicit JsonScanner(std::string_view bytes)
        : first_(bytes.data()), at_(first_), end_(first_ + bytes.size()) {}

    /// A string's bytes between its quotes, as they are written.
    struct Text {
        std::string_view raw{};
        std::size_t size = 0; // in bytes, once its escapes are read: each makes it shorter

        bool has_escapes() const { return size != raw.size(); }

        /// Appends the text with its escapes read.
        void append_to(std::string& text) const;
    };

    const char* position() const { return at_; }
    bool is_at_end() const { return at_ == end_; }

    /// Has nothing been taken yet that is not ASCII? Then what was taken is UTF-8.
    bool is_ascii() const { return is_ascii_; }

    void skip_blanks() {
        while (at_ != end_ && static_cast<unsigned char>(*at_) <= ' ' && is_blank(*at_)) ++at_;
    }

    /// The next byte; NUL, which is no JSON, at the end.
    char peek() const { return at_ != end_ ? *at_ : '\0'; }

    /// Takes this byte if it is the next one.
    bool take(char byte) {
        if (peek() != byte) return false;
        ++at_;
        return true;
    }

    /// Takes these bytes, known when we are compiled, if they are the next ones.
    template <std::size_t size>
    bool take(const char (&bytes)[size]) {
        constexpr std::size_t length = size - 1;
        if (static_cast<std::size_t>(end_ - at_) < length) return false;
        if (std::memcmp(at_, bytes, length) != 0) return false;
        at_ += length;
        return true;
    }

    /// Takes these bytes, which are valid where we are, if they are the next ones.
    bool take_known(std::string_view bytes) {
        if (static_cast<std::size_t>(end_ - at_) < bytes.size()) return false;
        if (!are_same(at_, bytes.data(), bytes.size())) return false;
        at_ += bytes.size();
        return true;
    }

    /// Takes a string, from its opening quote. False: it does not end, or holds a control character or a bad
    /// escape.
    [[gnu::always_inline]] bool take_text(Text& text) { return take('"') && take_rest_of_text(text); }

    /// The same, behind its opening quote.
    [[gnu::always_inline]] bool take_rest_of_text(Text& text) {
        const char* const last = find_near<EndsPlainAscii>(at_, end_);
        if (last == nullptr || *last != '"') return take_other_text(text);
        text.raw = std::string_view(at_, last);
        text.size = text.raw.size();
        at_ = last + 1;
        return true;
    }

    /// Takes a name with the colon behind it and the blanks around both, so that its value is next.
    [[gnu::always_inline]] bool take_name(Text& name) {
        skip_blanks();
        if (!take_text(name)) return false;
        skip_blanks();
        if (!take(':')) return false;
        skip_blanks();
        return true;
    }

    /// Takes a number, true, false or null. False: it is none.
    [[gnu::always_inline]] bool take_word() {
        const char* const begin = at_;
        while (at_ != end_ && *at_ >= '0' && *at_ <= '9') ++at_;
        // Nearly every number is this.
        if (at_ != begin && at_ != end_ && ends_word(*at_)) return *begin != '0' || at_ - begin == 1;
        at_ = begin;
        return take_other_word();
    }

    /// Takes a number that is nothing but up to 18 digits. False: it is something else, and nothing was
    /// taken.
    [[gnu::always_inline]] bool take_count(std::uint64_t& count) {
        constexpr std::ptrdiff_t most_digits = 18;
        const char* const begin = at_;
        std::uint64_t number = 0;
        for (; at_ != end_ && *at_ >= '0' && *at_ <= '9'; ++at_)
            number = number * 10 + static_cast<std::uint64_t>(*at_ - '0');
        count = number;
        const std::ptrdiff_t digits = at_ - begin;
        if (digits == 1 || (digits > 0 && digits <= most_digits && *begin != '0')) {
            if (at_ != end_ && ends_word(*at_)) return true;
        }
        at_ = begin;
        return false;
    }

    /// Takes a whole value with all that is in it, at most `depth` levels of it.
    bool take_value(int depth) {
        skip_blanks();
        Text text;
        switch (peek()) {
        case '{':
        case '[': return take_nested(depth);
        case '"': return take_text(text);
        default: return take_word();
        }
    }
    static constexpr int deepest = 1024; // that `depth` may be

    /// Takes an object; `take_member(name)` takes the value behind the name, and is false where that fails.
    template <class TakeMember>
    bool take_object(TakeMember take_member) {
        Text name;
        if (!take('{')) return false;
        skip_blanks();
        if (take('}')) return true;
        for (;;) {
            if (!take_name(name) || !take_member(name)) return false;
            skip_blanks();
            if (take('}')) return true;
            if (!take(',')) return false;
        }
    }

    /// Takes an array; `take_element()` takes an element, and is false where that fails.
    template <class TakeElement>
    bool take_array(TakeElement take_element) {
        if (!take('[')) return false;
        skip_blanks();
        if (take(']')) return true;
        for (;;) {
            skip_blanks();
            if (!take_element()) return false;
            skip_blanks();
            if (take(']')) return true;
            if (!take(',')) return false;
        }
    }

private:
    static bool is_blank(char byte) { return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t'; }
    static bool ends_word(char byte) { return byte == ',' || byte == '}' || byte == ']' || is_blank(byte); }

    /// What is rarer, or longer. On copies, so that these here can live in registers.
    [[gnu::always_inline]] bool take_other_text(Text& text) {
        JsonScanner rest = *this;
        Text taken;
        const bool is_taken = rest.take_any_text(taken);
        *this = rest;
        text = taken;
        return is_taken;
    }
    [[gnu::always_inline]] bool take_other_word() {
        JsonScanner rest = *this;
        const bool is_taken = rest.take_any_word();
        *this = rest;
        return is_taken;
    }
    bool take_nested(int depth);
    bool take_any_text(Text& text);
    bool take_any_word();

    const char* first_;
    const char* at_;
    const char* end_;
    bool is_ascii_ = true;
};

} // namespace tollgate::http
