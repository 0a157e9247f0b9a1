// Reads JSON (RFC 8259) from the front of bytes, token by token, and checks all of it but UTF-8: a document
// is read once, in place, and nothing is copied. Whoever uses it decides what the tokens mean. Pure.
#pragma once

#include <cstddef>
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
        std::size_t size = 0; // in bytes, once its escapes are read
        bool has_escapes = false;

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

    /// Takes a string, from its opening quote. False: it does not end, or holds a control character or a bad
    /// escape.
    bool take_text(Text& text);

    /// Takes a name with the colon behind it and the blanks around both, so that its value is next.
    bool take_name(Text& name) {
        skip_blanks();
        if (!take_text(name)) return false;
        skip_blanks();
        if (!take(':')) return false;
        skip_blanks();
        return true;
    }

    /// Takes a number, true, false or null. False: it is none.
    bool take_word();

    /// Takes a whole value with all that is in it, at most `depth` levels of it.
    bool take_value(int depth);

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
    bool take_odd_text(const char* begin, Text& text);

    const char* first_;
    const char* at_;
    const char* end_;
    bool is_ascii_ = true;
};

} // namespace tollgate::http
