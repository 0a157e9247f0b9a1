#include "http/strict_json.hpp"

#include "http/json_scalars.hpp"

#include <algorithm>
#include <simdjson.h>
#include <span>

namespace tollgate::http {

namespace {

constexpr int depth_limit = 128;
constexpr std::size_t members_limit = 8192; // of one object: bounds the search for duplicates

/// The names by which OpenAI, Mistral, Anthropic and Gemini's compatible interface attach media to a message.
bool is_attachment(std::string_view name) {
    constexpr std::string_view whole[] = {"file", "image", "audio", "video", "document", "source"};
    constexpr std::string_view endings[] = {"_url", "_file", "_image", "_audio", "_video", "_document"};
    const auto is_same = [&](std::string_view word) { return name == word; };
    const auto is_ending = [&](std::string_view ending) { return name.ends_with(ending); };
    return std::ranges::any_of(whole, is_same) || std::ranges::any_of(endings, is_ending);
}

bool differ(std::span<const std::string_view> names) {
    for (std::size_t right = 1; right < names.size(); ++right) {
        for (std::size_t left = 0; left < right; ++left) {
            if (names[left] == names[right]) return false;
        }
    }
    return true;
}

} // namespace

JsonFault StrictJson::read(std::string_view body, std::string_view detailed) {
    body_ = body;
    detailed_ = detailed;
    members_.clear();
    details_.clear();
    attachments_ = 0;
    counts_attachments_ = false;
    prompt_.clear();
    names_.clear();
    unescaped_.clear();

    JsonScanner scanner(body);
    const JsonFault fault = walk_document(scanner);
    // Only what the scanner has seen to its end is known to be ASCII. Whatever else is wrong, a body that is
    // not UTF-8 is called that.
    const bool is_known = fault == JsonFault::none && scanner.is_ascii();
    return is_known || simdjson::validate_utf8(body.data(), body.size()) ? fault : JsonFault::not_utf8;
}

JsonFault StrictJson::walk_document(JsonScanner& scanner) {
    scanner.skip_blanks();
    if (scanner.peek() != '{') return JsonFault::malformed;
    const JsonFault fault = walk_object(scanner, 1, &members_);
    if (fault != JsonFault::none) return fault;
    scanner.skip_blanks();
    return scanner.is_at_end() ? JsonFault::none : JsonFault::malformed;
}

JsonFault StrictJson::walk_object(JsonScanner& scanner, int depth, Members* members) {
    if (depth > depth_limit) return JsonFault::too_deep;
    prompt_.object();
    const std::size_t first_name = names_.size();
    scanner.take('{');
    scanner.skip_blanks();
    if (!scanner.take('}')) {
        const JsonFault fault = walk_members(scanner, depth, members);
        if (fault != JsonFault::none) return fault;
    }
    return check_names(first_name);
}

/// Behind the brace of an object that is not empty.
JsonFault StrictJson::walk_members(JsonScanner& scanner, int depth, Members* members) {
    for (std::size_t count = 1;; ++count) {
        if (count > members_limit) return JsonFault::too_many_members;
        if (!read_name(scanner)) return JsonFault::malformed;
        if (depth > 1) note_name(names_.back());
        const JsonFault fault =
            members == nullptr ? walk_value(scanner, depth, nullptr) : walk_member(scanner, depth, members);
        if (fault != JsonFault::none) return fault;
        scanner.skip_blanks();
        if (scanner.take('}')) return JsonFault::none;
        if (!scanner.take(',')) return JsonFault::malformed;
    }
}

/// Of a member below those of the body.
void StrictJson::note_name(std::string_view name) {
    if (PromptCount::is_plain_name(name)) return; // nearly all of them
    if (counts_attachments_ && is_attachment(name)) ++attachments_;
    prompt_.member(name);
}

/// The value of a member that is to be told.
JsonFault StrictJson::walk_member(JsonScanner& scanner, int depth, Members* members) {
    const std::string_view name = names_.back();
    Members* const details = depth == 1 && name == detailed_ ? &details_ : nullptr;
    counts_attachments_ = depth == 1 && name == "messages";
    if (depth == 1) prompt_.begin_member(name);
    const char* const begin = scanner.position();
    const JsonFault fault = walk_value(scanner, depth, details);
    const auto length = static_cast<std::size_t>(scanner.position() - begin);
    counts_attachments_ = false;
    if (depth == 1) prompt_.end_member(name, length);
    members->push_back(
        {.name = name,
         .value = {.offset = static_cast<std::size_t>(begin - body_.data()), .length = length}});
    return fault;
}

JsonFault StrictJson::walk_array(JsonScanner& scanner, int depth) {
    if (depth > depth_limit) return JsonFault::too_deep;
    prompt_.array();
    scanner.take('[');
    scanner.skip_blanks();
    if (scanner.take(']')) return JsonFault::none;
    for (;;) {
        scanner.skip_blanks();
        const JsonFault fault = walk_value(scanner, depth, nullptr);
        if (fault != JsonFault::none) return fault;
        scanner.skip_blanks();
        if (scanner.take(']')) return JsonFault::none;
        if (!scanner.take(',')) return JsonFault::malformed;
    }
}

/// `depth` is that of the array or object around the value.
JsonFault StrictJson::walk_value(JsonScanner& scanner, int depth, Members* members) {
    switch (scanner.peek()) {
    case '{': return walk_object(scanner, depth + 1, members);
    case '[': return walk_array(scanner, depth + 1);
    case '"': return walk_text(scanner);
    default: return walk_word(scanner);
    }
}

JsonFault StrictJson::walk_text(JsonScanner& scanner) {
    JsonScanner::Text text;
    if (!scanner.take_text(text)) return JsonFault::malformed;
    prompt_.text(text.raw, text.size, names_.back());
    return JsonFault::none;
}

JsonFault StrictJson::walk_word(JsonScanner& scanner) {
    const char* const begin = scanner.position();
    if (!scanner.take_word()) return JsonFault::malformed;
    prompt_.scalar(static_cast<std::size_t>(scanner.position() - begin));
    return JsonFault::none;
}

/// Reads a member's name up to its value.
bool StrictJson::read_name(JsonScanner& scanner) {
    JsonScanner::Text name;
    if (!scanner.take_name(name)) return false;
    if (name.has_escapes) name.append_to(unescaped_.emplace_back());
    names_.push_back(name.has_escapes ? std::string_view(unescaped_.back()) : name.raw);
    return true;
}

/// Closes an object: its names must differ.
JsonFault StrictJson::check_names(std::size_t first) {
    constexpr std::size_t few = 8; // compared pair by pair, without sorting
    const std::span<std::string_view> names = std::span(names_).subspan(first);
    bool is_unique = true;
    if (names.size() <= few) {
        is_unique = differ(names);
    } else {
        std::ranges::sort(names);
        is_unique = std::ranges::adjacent_find(names) == names.end();
    }
    names_.resize(first);
    return is_unique ? JsonFault::none : JsonFault::duplicate_name;
}

} // namespace tollgate::http
