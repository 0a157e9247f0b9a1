#include "upstream/strict_answer.hpp"

#include "tollgate/http/json_scanner.hpp"
#include "upstream/usage_counts.hpp"

#include <simdjson.h>

#include <string>

namespace tollgate::upstream {

namespace {

using http::JsonScanner;

constexpr int depth_limit = 1024; // a bound for the recursion

// Below this no client looks for text; simdjson's reader knows the same limit.
constexpr int deepest_text = 16;

/// Members of a message that name things or hold files.
bool is_no_text(std::string_view name) {
    return name == "role" || name == "type" || name == "id" || name == "data" || name == "url";
}

class AnswerScan {
public:
    explicit AnswerScan(std::string_view json) : json_(json), scanner_(json) {}

    /// False: see read_strictly().
    bool take_document() {
        scanner_.skip_blanks();
        if (!take_members([this](std::string_view name) { return take_root_member(name); })) return false;
        scanner_.skip_blanks();
        return scanner_.is_at_end() &&
               (scanner_.is_ascii() || simdjson::validate_utf8(json_.data(), json_.size()));
    }

    const domain::TextMeasure& text() const { return text_; }
    std::string_view usage() const { return usage_; }
    bool is_choices_empty() const { return is_choices_empty_; }

private:
    template <class TakeMember>
    bool take_members(TakeMember take_member) {
        return scanner_.take_object(
            [&](const JsonScanner::Text& name) { return !name.has_escapes && take_member(name.raw); });
    }

    bool take_root_member(std::string_view name) {
        if (name == "choices") return take_choices();
        const char* const begin = scanner_.position();
        if (!scanner_.take_value(depth_limit)) return false;
        if (name == "usage") usage_ = std::string_view(begin, scanner_.position());
        return true;
    }

    bool take_choices() {
        is_choices_empty_ = false;
        if (scanner_.peek() != '[') return scanner_.take_value(depth_limit);
        is_choices_empty_ = true;
        return scanner_.take_array([this] {
            is_choices_empty_ = false;
            return scanner_.peek() == '{' ? take_choice() : scanner_.take_value(depth_limit);
        });
    }

    bool take_choice() {
        return take_members([this](std::string_view name) {
            const bool has_text = name == "delta" || name == "message" || name == "text";
            return has_text ? take_strings(0) : scanner_.take_value(depth_limit);
        });
    }

    /// Measures all strings of a message that are text.
    bool take_strings(int depth) {
        const char next = scanner_.peek();
        if (next == '"') return take_string();
        if (depth == deepest_text || (next != '[' && next != '{')) return scanner_.take_value(depth_limit);
        if (next == '[') return scanner_.take_array([&] { return take_strings(depth + 1); });
        return take_members([&](std::string_view name) {
            return is_no_text(name) ? scanner_.take_value(depth_limit) : take_strings(depth + 1);
        });
    }

    bool take_string() {
        JsonScanner::Text text;
        if (!scanner_.take_text(text)) return false;
        if (!text.has_escapes) {
            text_.add(text.raw);
            return true;
        }
        std::string unescaped;
        text.append_to(unescaped);
        text_.add(unescaped);
        return true;
    }

    std::string_view json_;
    JsonScanner scanner_;
    domain::TextMeasure text_{};
    std::string_view usage_{};
    bool is_choices_empty_ = true;
};

ReportedCount count_of(std::string_view value) {
    constexpr std::size_t most_digits = 13; // of largest_count
    ReportedCount reported{.is_null = value == "null"};
    if (value.size() > most_digits) return reported;
    std::uint64_t count = 0;
    for (const char byte : value) {
        if (byte < '0' || byte > '9') return reported;
        count = count * 10 + static_cast<std::uint64_t>(byte - '0');
    }
    if (count <= largest_count) reported.count = count;
    return reported;
}

/// Reads the members of a usage object and of its parts.
class UsageScan {
public:
    UsageScan(std::string_view json, std::string_view value) : json_(json), scanner_(value) {}

    bool take_members(UsageCounts::Part part) {
        std::string unescaped;
        return scanner_.take_object([&](const JsonScanner::Text& name) {
            if (!name.has_escapes) return take_member(part, name.raw);
            unescaped.clear();
            name.append_to(unescaped);
            return take_member(part, unescaped);
        });
    }

    const UsageCounts& counts() const { return counts_; }
    ReportedUsage& reported() { return reported_; }

private:
    bool take_member(UsageCounts::Part part, std::string_view name) {
        const bool is_whole = part == UsageCounts::Part::whole;
        const UsageCounts::Part inner = is_whole ? UsageCounts::part_of(name) : part;
        if (is_whole && inner != UsageCounts::Part::whole && scanner_.peek() == '{')
            return take_members(inner);
        const char* const begin = scanner_.position();
        if (!scanner_.take_value(depth_limit)) return false;
        const std::string_view value(begin, scanner_.position());
        if (is_whole && name == "cost") {
            reported_.cost_value = span_of(value);
        } else if (is_whole && name == "currency") {
            reported_.currency_value = span_of(value);
        } else {
            counts_.take(part, name, count_of(value));
        }
        return true;
    }

    domain::Span span_of(std::string_view value) const {
        return {.offset = static_cast<std::size_t>(value.data() - json_.data()), .length = value.size()};
    }

    std::string_view json_;
    JsonScanner scanner_;
    UsageCounts counts_{};
    ReportedUsage reported_{};
};

} // namespace

std::optional<AnswerChunk> read_strictly(std::string_view json) {
    AnswerScan scan(json);
    if (!scan.take_document()) return std::nullopt;
    AnswerChunk chunk{.text = scan.text(), .reported = read_usage_strictly(json, scan.usage())};
    if (chunk.reported) chunk.reported->choices_empty = scan.is_choices_empty();
    return chunk;
}

std::optional<ReportedUsage> read_usage_strictly(std::string_view json, std::string_view value) {
    if (!value.starts_with('{')) return std::nullopt;
    UsageScan scan(json, value);
    if (!scan.take_members(UsageCounts::Part::whole)) return std::nullopt;
    const auto usage = scan.counts().usage();
    if (!usage) return std::nullopt;
    ReportedUsage reported = scan.reported();
    reported.usage = *usage;
    reported.usage_object.offset = static_cast<std::size_t>(value.data() - json.data());
    reported.usage_object.length = value.size();
    return reported;
}

} // namespace tollgate::upstream
