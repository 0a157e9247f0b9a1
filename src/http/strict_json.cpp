#include "http/strict_json.hpp"

#include "http/json_scalars.hpp"

#include <algorithm>
#include <simdjson.h>

namespace tollgate::http {

namespace {

constexpr int depth_limit = 128;
constexpr std::size_t members_limit = 8192; // of one object: bounds the search for duplicates

/// The names by which OpenAI, Mistral, Anthropic and Gemini's compatible interface attach media to a message.
bool is_attachment(std::string_view name) {
    if (PromptCount::is_plain_name(name)) return false; // nearly all of them
    constexpr std::string_view whole[] = {"file", "image", "audio", "video", "document", "source"};
    constexpr std::string_view endings[] = {"_url", "_file", "_image", "_audio", "_video", "_document"};
    const auto is_same = [&](std::string_view word) { return name == word; };
    const auto is_ending = [&](std::string_view ending) { return name.ends_with(ending); };
    return std::ranges::any_of(whole, is_same) || std::ranges::any_of(endings, is_ending);
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

    if (!simdjson::validate_utf8(body.data(), body.size())) return JsonFault::not_utf8;
    JsonScanner scanner(body);
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
        scanner.skip_blanks();
        if (!read_name(scanner)) return JsonFault::malformed;
        if (counts_attachments_ && is_attachment(names_.back())) ++attachments_;
        if (depth > 1) prompt_.member(names_.back());
        scanner.skip_blanks();
        if (!scanner.take(':')) return JsonFault::malformed;
        scanner.skip_blanks();
        const JsonFault fault =
            members == nullptr ? walk_value(scanner, depth, nullptr) : walk_member(scanner, depth, members);
        if (fault != JsonFault::none) return fault;
        scanner.skip_blanks();
        if (scanner.take('}')) return JsonFault::none;
        if (!scanner.take(',')) return JsonFault::malformed;
    }
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
    const auto size = text.has_escapes ? decoded_size(text.raw) : text.raw.size();
    if (!size) return JsonFault::malformed;
    prompt_.text(text.raw, *size, names_.back());
    return JsonFault::none;
}

JsonFault StrictJson::walk_word(JsonScanner& scanner) {
    const char* const begin = scanner.position();
    if (!scanner.take_word()) return JsonFault::malformed;
    prompt_.scalar(static_cast<std::size_t>(scanner.position() - begin));
    return JsonFault::none;
}

bool StrictJson::read_name(JsonScanner& scanner) {
    JsonScanner::Text text;
    if (!scanner.take_text(text)) return false;
    if (text.has_escapes && !unescape(text.raw, unescaped_.emplace_back())) return false;
    names_.push_back(text.has_escapes ? std::string_view(unescaped_.back()) : text.raw);
    return true;
}

/// Closes an object: its names must differ.
JsonFault StrictJson::check_names(std::size_t first) {
    constexpr std::ptrdiff_t few = 8; // compared pair by pair, without sorting
    const auto begin = names_.begin() + static_cast<std::ptrdiff_t>(first);
    bool is_unique = true;
    if (names_.end() - begin <= few) {
        for (auto name = begin; name != names_.end(); ++name) {
            is_unique = is_unique && std::find(begin, name, *name) == name;
        }
    } else {
        std::sort(begin, names_.end());
        is_unique = std::adjacent_find(begin, names_.end()) == names_.end();
    }
    names_.resize(first);
    return is_unique ? JsonFault::none : JsonFault::duplicate_name;
}

} // namespace tollgate::http
