#include "http/strict_json.hpp"

#include "http/json_scalars.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace tollgate::http {

namespace {

namespace ondemand = simdjson::ondemand;

constexpr int depth_limit = 128;
constexpr std::size_t members_limit = 8192; // of one object: bounds the search for duplicates
constexpr std::size_t smallest_buffer = 64 * 1024;

std::string_view without_blanks_behind(std::string_view token) {
    const std::size_t last = token.find_last_not_of(" \t\r\n");
    return token.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

/// The names by which OpenAI, Mistral, Anthropic and Gemini's compatible interface attach media to a message.
bool is_attachment(std::string_view name) {
    constexpr std::string_view whole[] = {"file", "image", "audio", "video", "document", "source"};
    constexpr std::string_view endings[] = {"_url", "_file", "_image", "_audio", "_video", "_document"};
    const auto is_same = [&](std::string_view word) { return name == word; };
    const auto is_ending = [&](std::string_view ending) { return name.ends_with(ending); };
    return std::ranges::any_of(whole, is_same) || std::ranges::any_of(endings, is_ending);
}

} // namespace

JsonFault StrictJson::read(std::string_view body, std::string_view detailed) {
    detailed_ = detailed;
    members_.clear();
    details_.clear();
    attachments_ = 0;
    counts_attachments_ = false;
    prompt_.clear();
    names_.clear();
    unescaped_.clear();

    const JsonFault indexed = index(body);
    if (indexed != JsonFault::none) return indexed;
    ondemand::object object;
    if (document_.get_object().get(object) != simdjson::SUCCESS) return JsonFault::malformed;
    const JsonFault fault = walk_object(object, 1, &members_);
    if (fault != JsonFault::none) return fault;
    const bool is_at_end = document_.current_location().error() == simdjson::OUT_OF_BOUNDS;
    return is_at_end ? JsonFault::none : JsonFault::malformed;
}

/// Copies the body into a padded buffer and lets simdjson find its tokens; that checks UTF-8 and quotes.
JsonFault StrictJson::index(std::string_view body) {
    if (body.empty()) return JsonFault::malformed;
    const std::size_t wanted = body.size() + simdjson::SIMDJSON_PADDING;
    if (buffer_size_ < wanted) {
        buffer_size_ = std::max(smallest_buffer, std::bit_ceil(wanted));
        buffer_ = std::make_unique_for_overwrite<char[]>(buffer_size_);
        if (parser_.allocate(buffer_size_) != simdjson::SUCCESS) return JsonFault::malformed;
    }
    body_size_ = body.size();
    std::memcpy(buffer_.get(), body.data(), body.size());
    std::memset(buffer_.get() + body.size(), ' ', simdjson::SIMDJSON_PADDING);
    const simdjson::error_code error =
        parser_.iterate(buffer_.get(), body.size(), buffer_size_).get(document_);
    if (error == simdjson::UTF8_ERROR) return JsonFault::not_utf8;
    return error == simdjson::SUCCESS ? JsonFault::none : JsonFault::malformed;
}

JsonFault StrictJson::walk_object(ondemand::object object, int depth, Members* members) {
    if (depth > depth_limit) return JsonFault::too_deep;
    prompt_.object();
    const std::size_t first_name = names_.size();
    for (simdjson::simdjson_result<ondemand::field> result : object) {
        ondemand::field field;
        if (std::move(result).get(field) != simdjson::SUCCESS) return JsonFault::malformed;
        if (names_.size() - first_name == members_limit) return JsonFault::too_many_members;
        if (!read_name(field.key().raw())) return JsonFault::malformed;
        if (counts_attachments_ && is_attachment(names_.back())) ++attachments_;
        if (depth > 1) prompt_.member(names_.back());
        const JsonFault fault = walk_member(field, depth, members);
        if (fault != JsonFault::none) return fault;
    }
    return check_names(first_name);
}

JsonFault StrictJson::walk_member(ondemand::field field, int depth, Members* members) {
    ondemand::value value = field.value();
    if (members == nullptr) return walk_value(value, depth, nullptr);

    const std::string_view token = value.raw_json_token();
    const std::string_view name = names_.back();
    const bool is_container = token.front() == '{' || token.front() == '[';
    Members* const details = depth == 1 && name == detailed_ ? &details_ : nullptr;
    counts_attachments_ = depth == 1 && name == "messages";
    if (depth == 1) prompt_.begin_member(name);
    const JsonFault fault = walk_value(value, depth, details);
    counts_attachments_ = false;
    const std::size_t length =
        is_container ? span_from(token.data()).length : without_blanks_behind(token).size();
    if (depth == 1) prompt_.end_member(name, length);
    const auto offset = static_cast<std::size_t>(token.data() - buffer_.get());
    members->push_back({.name = name, .value = {.offset = offset, .length = length}});
    return fault;
}

JsonFault StrictJson::walk_array(ondemand::array array, int depth) {
    if (depth > depth_limit) return JsonFault::too_deep;
    prompt_.array();
    for (simdjson::simdjson_result<ondemand::value> result : array) {
        ondemand::value value;
        if (std::move(result).get(value) != simdjson::SUCCESS) return JsonFault::malformed;
        const JsonFault fault = walk_value(value, depth, nullptr);
        if (fault != JsonFault::none) return fault;
    }
    return JsonFault::none;
}

/// `depth` is that of the array or object around the value.
JsonFault StrictJson::walk_value(ondemand::value value, int depth, Members* members) {
    const char first = value.raw_json_token().front();
    if (first == '{') {
        ondemand::object object;
        if (value.get_object().get(object) != simdjson::SUCCESS) return JsonFault::malformed;
        return walk_object(object, depth + 1, members);
    }
    if (first == '[') {
        ondemand::array array;
        if (value.get_array().get(array) != simdjson::SUCCESS) return JsonFault::malformed;
        return walk_array(array, depth + 1);
    }
    return walk_scalar(value);
}

JsonFault StrictJson::walk_scalar(ondemand::value value) {
    const std::string_view token = without_blanks_behind(value.raw_json_token());
    if (token.empty() || token.front() != '"') {
        prompt_.scalar(token.size());
        return is_literal(token) || is_number(token) ? JsonFault::none : JsonFault::malformed;
    }
    // Consumed, since simdjson would take a string that it skips for a name if a colon follows.
    if (value.get_raw_json_string().error() != simdjson::SUCCESS) return JsonFault::malformed;
    if (token.size() < 2 || token.back() != '"') return JsonFault::malformed;
    const std::string_view raw = token.substr(1, token.size() - 2);
    const auto size = decoded_size(raw);
    if (!size) return JsonFault::malformed;
    prompt_.text(raw, *size, names_.back());
    return JsonFault::none;
}

/// From `start` to the last token that has been walked; simdjson stands at the one behind it.
domain::Span StrictJson::span_from(const char* start) {
    const char* next = nullptr;
    if (document_.current_location().get(next) != simdjson::SUCCESS) next = start;
    const std::string_view bytes(start, next);
    return {.offset = static_cast<std::size_t>(start - buffer_.get()),
            .length = without_blanks_behind(bytes).size()};
}

/// `start` is behind the opening quote; simdjson has found that a closing one is there.
bool StrictJson::read_name(const char* start) {
    const std::string_view rest(start, buffer_.get() + body_size_);
    std::size_t end = rest.find('"');
    if (end == std::string_view::npos) return false;
    if (rest.substr(0, end).find('\\') == std::string_view::npos) {
        names_.push_back(rest.substr(0, end));
        return true;
    }
    for (end = 0; end < rest.size() && rest[end] != '"'; ++end) {
        if (rest[end] == '\\') ++end;
    }
    names_.push_back(unescaped_.emplace_back());
    if (!unescape(rest.substr(0, end), unescaped_.back())) return false;
    names_.back() = unescaped_.back();
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
