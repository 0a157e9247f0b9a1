// Reads JSON (RFC 8259) from the front of bytes, token by token, and checks all of it but UTF-8: a document
// is read once, in place, and nothing is copied. Whoever uses it decides what the tokens mean. Pure.
#pragma once

#include <string_view>

namespace tollgate::http {

class JsonScanner {
public:
    explicit JsonScanner(std::string_view bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

    /// A string's bytes between its quotes, as they are written.
    struct Text {
        std::string_view raw{};
        bool has_escapes = false;
    };

    const char* position() const { return at_; }
    bool is_at_end() const { return at_ == end_; }

    void skip_blanks() {
        while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
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

    /// Takes a number, true, false or null. False: it is none.
    bool take_word();

    /// Takes a whole value with all that is in it, at most `depth` levels of it.
    bool take_value(int depth);

private:
    bool take_members(int depth);
    bool take_elements(int depth);

    const char* at_;
    const char* end_;
};

} // namespace tollgate::http
