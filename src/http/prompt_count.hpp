// The most tokens that the prompt in a body can be, counted leaf by leaf while StrictJson walks it. Pure; why
// it is an upper bound, and of which tokenizers:
// docs/decisions/0014-the-prompt-is-bounded-by-its-decoded-text.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tollgate::http {

class PromptCount {
public:
    void clear() { *this = PromptCount(); }

    /// A member of the body begins; what is told next stands in its value.
    void begin_member(std::string_view name);
    /// It has ended; its value takes so many bytes.
    void end_member(std::string_view name, std::size_t value_bytes);

    /// Of a message or a part of it: the form, not the text.
    static bool is_plain_name(std::string_view name) {
        return name == "role" || name == "content" || name == "type" || name == "text";
    }

    // Below the member. `name` is that of the nearest member around a string, or empty.
    void object() { count(object_tokens); }
    void array() { count(2); }
    void member(std::string_view name) {
        if (region_ == Region::prompt && !is_plain_name(name)) leaves_ += name.size() + punctuation;
    }
    void text(std::string_view raw, std::size_t decoded_bytes, std::string_view name) {
        if (region_ != Region::prompt) return;
        leaves_ += is_picture(raw, name) ? object_tokens : decoded_bytes + quotes;
    }
    /// An object of two texts behind plain names.
    void plain_object(std::size_t decoded_bytes) { count(object_tokens + decoded_bytes + 2 * quotes); }
    void scalar(std::size_t bytes) { count(bytes + 1); }

    /// Of the members that have ended.
    std::uint64_t tokens() const { return tokens_ + frame_tokens; }

    /// A member is there that we do not know, so that we do not know what it makes the model do either.
    bool has_unknown_member() const { return has_unknown_member_; }

private:
    // Around a message: OpenAI's format takes 3 or 4, no other that is published more than 5. Around the
    // whole conversation (its beginning, the opening of the answer): 3.
    static constexpr std::uint64_t object_tokens = 8;
    static constexpr std::uint64_t frame_tokens = 16;
    static constexpr std::size_t punctuation = 4; // around a name: quotes, colon, comma
    static constexpr std::size_t quotes = 2;

    /// A picture in the body: its bytes are no text. Call::attachments has it.
    static bool is_picture(std::string_view raw, std::string_view name) {
        return raw.starts_with("data:image/") && (name == "url" || name == "image_url");
    }

    enum class Region { outside, settings, prompt };
    void count(std::uint64_t tokens) {
        if (region_ == Region::prompt) leaves_ += tokens;
    }

    Region region_ = Region::outside;
    std::uint64_t leaves_ = 0; // of the member that is walked
    std::uint64_t tokens_ = 0;
    bool has_unknown_member_ = false;
};

} // namespace tollgate::http
