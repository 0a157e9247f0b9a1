#include "http/strict_json.hpp"

#include "http/json_scalars.hpp"

#include <algorithm>
#include <array>
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

constexpr std::size_t few = 8; // names that are compared pair by pair, without sorting

[[gnu::noinline]] bool differ(std::span<std::string_view> names) {
    if (names.size() > few) {
        std::ranges::sort(names);
        return std::ranges::adjacent_find(names) == names.end();
    }
    for (std::size_t right = 1; right < names.size(); ++right) {
        for (std::size_t left = 0; left < right; ++left) {
            if (names[left] == names[right]) return false;
        }
    }
    return true;
}

} // namespace

/// Reads a member's name up to its value.
[[gnu::always_inline]] inline bool StrictJson::read_name(JsonScanner& scanner) {
    JsonScanner::Text name;
    if (!scanner.take_name(name)) return false;
    names_.push_back(name.has_escapes() ? unescaped(name) : name.raw);
    return true;
}

/// Of a member below those of the body.
inline void StrictJson::note_name(std::string_view name) {
    if (PromptCount::is_plain_name(name)) return; // nearly all of them
    if (counts_attachments_ && is_attachment(name)) ++attachments_;
    prompt_.member(name);
}

JsonFault StrictJson::read(std::string_view body, std::string_view detailed) {
    body_ = body;
    detailed_ = detailed;
    members_.clear();
    details_.clear();
    attachments_ = 0;
    counts_attachments_ = false;
    prompt_.clear();
    opening_count_ = 0;
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
    const JsonFault fault = walk_object(scanner, 1, members_);
    if (fault != JsonFault::none) return fault;
    scanner.skip_blanks();
    return scanner.is_at_end() ? JsonFault::none : JsonFault::malformed;
}

/// The body, or the value of the member whose own members are wanted: tells `members`.
JsonFault StrictJson::walk_object(JsonScanner& scanner, int depth, Members& members) {
    prompt_.object();
    const std::size_t first_name = names_.size();
    scanner.take('{');
    scanner.skip_blanks();
    if (!scanner.take('}')) {
        const JsonFault fault = walk_members(scanner, depth, members);
        if (fault != JsonFault::none) return fault;
    }
    return close_names(first_name) ? JsonFault::none : JsonFault::duplicate_name;
}

/// Behind the brace of an object that is not empty.
JsonFault StrictJson::walk_members(JsonScanner& scanner, int depth, Members& members) {
    for (std::size_t count = 1;; ++count) {
        if (count > members_limit) return JsonFault::too_many_members;
        if (!read_name(scanner)) return JsonFault::malformed;
        if (depth > 1) note_name(names_.back());
        const JsonFault fault = walk_member(scanner, depth, members);
        if (fault != JsonFault::none) return fault;
        scanner.skip_blanks();
        if (scanner.take('}')) return JsonFault::none;
        if (!scanner.take(',')) return JsonFault::malformed;
    }
}

/// The value of a member that is to be told.
JsonFault StrictJson::walk_member(JsonScanner& scanner, int depth, Members& members) {
    const std::string_view name = names_.back();
    const bool is_detailed = depth == 1 && name == detailed_ && scanner.peek() == '{';
    counts_attachments_ = depth == 1 && name == "messages";
    if (depth == 1) prompt_.begin_member(name);
    const char* const begin = scanner.position();
    const JsonFault fault =
        is_detailed ? walk_object(scanner, depth + 1, details_) : walk_value(scanner, depth);
    const auto length = static_cast<std::size_t>(scanner.position() - begin);
    counts_attachments_ = false;
    if (depth == 1) prompt_.end_member(name, length);
    members.push_back(
        {.name = name,
         .value = {.offset = static_cast<std::size_t>(begin - body_.data()), .length = length}});
    return fault;
}

/// A value without others in it.
[[gnu::always_inline]] inline bool StrictJson::walk_leaf(JsonScanner& scanner) {
    if (scanner.peek() == '"') {
        JsonScanner::Text text;
        if (!scanner.take_text(text)) return false;
        prompt_.text(text.raw, text.size, names_.back());
        return true;
    }
    const char* const begin = scanner.position();
    if (!scanner.take_word()) return false;
    prompt_.scalar(static_cast<std::size_t>(scanner.position() - begin));
    return true;
}

/// A message, or a part of one, of two texts in the order and with the blanks that SDKs write: nearly all of
/// a prompt. False: it may be anything, and nothing was taken.
[[gnu::always_inline]] inline bool StrictJson::walk_message(JsonScanner& scanner) {
    if (walk_known_message(scanner)) return true;
    JsonScanner here = scanner;
    JsonScanner::Text first;
    JsonScanner::Text second;
    const bool is_part = !here.take("{\"role\":");
    if (is_part && !here.take("{\"type\":")) return false;
    here.take(' ');
    if (!here.take_text(first) || !here.take(',')) return false;
    here.take(' ');
    if (!(is_part ? here.take("\"text\":") : here.take("\"content\":"))) return false;
    here.take(' ');
    if (!here.take('"')) return false;
    const std::string_view opening(scanner.position(), here.position());
    if (!here.take_rest_of_text(second) || !here.take('}')) return false;
    prompt_.plain_object(first.size + second.size);
    if (opening_count_ < openings_.size()) openings_[opening_count_++] = {opening, first.size};
    scanner = here;
    return true;
}

/// The same for one that begins as one before it did.
[[gnu::always_inline]] inline bool StrictJson::walk_known_message(JsonScanner& scanner) {
    JsonScanner here = scanner;
    for (std::size_t index = 0; index < opening_count_; ++index) {
        if (!here.take_known(openings_[index].bytes)) continue;
        JsonScanner::Text second;
        if (!here.take_rest_of_text(second) || !here.take('}')) return false;
        prompt_.plain_object(openings_[index].first_text + second.size);
        scanner = here;
        return true;
    }
    return false;
}

/// Those that follow one in an array.
[[gnu::always_inline]] inline void StrictJson::walk_further_messages(JsonScanner& scanner) {
    JsonScanner next = scanner;
    while (next.take(',')) {
        next.take(' ');
        if (!walk_message(next)) return;
        scanner = next;
    }
}

/// `depth` is that of the object around the value.
JsonFault StrictJson::walk_value(JsonScanner& scanner, int depth) {
    const char next = scanner.peek();
    if (next == '{' || next == '[') return walk_nested(scanner, depth);
    return walk_leaf(scanner) ? JsonFault::none : JsonFault::malformed;
}

/// An array or an object with all that is in it, without recursion.
JsonFault StrictJson::walk_nested(JsonScanner& scanner, int depth) {
    std::array<Level, depth_limit> levels;
    Level* level = levels.data(); // behind the innermost that is open
    JsonScanner here = scanner;   // can live in registers
    for (;;) {
        const char next = here.peek();
        if (next == '{' && depth < depth_limit && walk_message(here)) {
            // As if it were a leaf.
            if (level != levels.data() && level[-1].closing == ']') walk_further_messages(here);
        } else if (next == '{' || next == '[') {
            if (depth++ == depth_limit) return JsonFault::too_deep;
            *level++ = open_level(next);
            here.take(next);
            here.skip_blanks();
            if (here.peek() != level[-1].closing) {
                if (next == '[') continue;
                if (!read_name(here)) return JsonFault::malformed;
                note_name(names_.back());
                continue;
            }
        } else if (!walk_leaf(here)) {
            return JsonFault::malformed;
        }
        // A value has ended, and with it perhaps what it stands in.
        for (;; --depth) {
            if (level == levels.data()) {
                scanner = here;
                return JsonFault::none;
            }
            here.skip_blanks();
            const bool is_object = level[-1].closing == '}';
            if (here.take(',')) {
                here.skip_blanks();
                if (!is_object) break;
                if (++level[-1].members > members_limit) return JsonFault::too_many_members;
                if (!read_name(here)) return JsonFault::malformed;
                note_name(names_.back());
                break;
            }
            --level;
            if (!here.take(level->closing)) return JsonFault::malformed;
            if (is_object && !close_names(level->first_name)) return JsonFault::duplicate_name;
        }
    }
}

StrictJson::Level StrictJson::open_level(char bracket) {
    const bool is_object = bracket == '{';
    is_object ? prompt_.object() : prompt_.array();
    return {.closing = is_object ? '}' : ']', .first_name = names_.size(), .members = 1};
}

/// The name stays until the next document.
std::string_view StrictJson::unescaped(const JsonScanner::Text& name) {
    name.append_to(unescaped_.emplace_back());
    return unescaped_.back();
}

/// Closes an object: its names must differ.
bool StrictJson::close_names(std::size_t first) {
    const std::size_t count = names_.size() - first;
    // As most objects of a prompt have.
    const bool is_pair = count == 2;
    const bool is_unique =
        is_pair ? names_[first] != names_[first + 1] : differ(std::span(names_).subspan(first));
    names_.resize(first);
    return is_unique;
}

} // namespace tollgate::http
