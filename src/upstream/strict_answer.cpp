#include "upstream/strict_answer.hpp"

#include "tollgate/http/json_scanner.hpp"
#include "upstream/usage_scan.hpp"

#include <simdjson.h>

#include <string>

namespace tollgate::upstream {

namespace {

using http::JsonScanner;

constexpr int depth_limit = JsonScanner::deepest;

// Below this no client looks for text; simdjson's reader knows the same limit.
constexpr int deepest_text = 16;

/// Members of a message that name things or hold files.
bool is_no_text(std::string_view name) {
    return name == "role" || name == "type" || name == "id" || name == "data" || name == "url";
}

bool is_named(const JsonScanner::Text& name, std::string_view wanted) {
    if (!name.has_escapes()) return name.raw == wanted;
    std::string unescaped;
    name.append_to(unescaped);
    return unescaped == wanted;
}

/// The value of a member `usage` of the document.
bool take_usage(std::string_view json, JsonScanner& scanner, std::optional<ReportedUsage>& reported) {
    reported.reset(); // clients go by the last of two
    if (scanner.peek() != '{') return scanner.take_value(depth_limit - 1);
    UsageScan usage(json, scanner, depth_limit - 1);
    if (!usage.take()) return false;
    reported = usage.reported();
    return true;
}

/// Nothing but blanks is left, and all of it was UTF-8.
bool is_finished(std::string_view json, JsonScanner& scanner) {
    scanner.skip_blanks();
    return scanner.is_at_end() && (scanner.is_ascii() || simdjson::validate_utf8(json.data(), json.size()));
}

class AnswerScan {
public:
    explicit AnswerScan(std::string_view json) : json_(json), scanner_(json) {}

    /// False: see read_strictly().
    bool take_document() {
        scanner_.skip_blanks();
        if (!take_members([this](std::string_view name) { return take_root_member(name); })) return false;
        return is_finished(json_, scanner_);
    }

    const domain::TextMeasure& text() const { return text_; }
    const std::optional<ReportedUsage>& reported() const { return reported_; }
    bool is_choices_empty() const { return is_choices_empty_; }

private:
    template <class TakeMember>
    bool take_members(TakeMember take_member) {
        return scanner_.take_object(
            [&](const JsonScanner::Text& name) { return !name.has_escapes() && take_member(name.raw); });
    }

    bool take_root_member(std::string_view name) {
        if (name == "choices") return take_choices();
        return name == "usage" ? take_usage(json_, scanner_, reported_)
                               : scanner_.take_value(depth_limit - 1);
    }

    bool skip_value() { return scanner_.take_value(depth_limit); }

    bool take_choices() {
        is_choices_empty_ = false;
        if (scanner_.peek() != '[') return skip_value();
        is_choices_empty_ = true;
        return scanner_.take_array([this] {
            is_choices_empty_ = false;
            return scanner_.peek() == '{' ? take_choice() : skip_value();
        });
    }

    bool take_choice() {
        return take_members([this](std::string_view name) {
            const bool has_text = name == "delta" || name == "message" || name == "text";
            return has_text ? take_strings(0) : skip_value();
        });
    }

    /// Measures all strings of a message that are text.
    bool take_strings(int depth) {
        const char next = scanner_.peek();
        if (next == '"') return take_string();
        if (depth == deepest_text || (next != '[' && next != '{')) return skip_value();
        if (next == '[') return scanner_.take_array([&] { return take_strings(depth + 1); });
        return take_members(
            [&](std::string_view name) { return is_no_text(name) ? skip_value() : take_strings(depth + 1); });
    }

    bool take_string() {
        JsonScanner::Text text;
        if (!scanner_.take_text(text)) return false;
        if (!text.has_escapes()) {
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
    std::optional<ReportedUsage> reported_{};
    bool is_choices_empty_ = true;
};

} // namespace

std::optional<AnswerChunk> read_strictly(std::string_view json) {
    AnswerScan scan(json);
    if (!scan.take_document()) return std::nullopt;
    AnswerChunk chunk{.text = scan.text(), .reported = scan.reported()};
    if (chunk.reported) chunk.reported->choices_empty = scan.is_choices_empty();
    return chunk;
}

WholeAnswer read_whole_strictly(std::string_view json) {
    WholeAnswer answer;
    JsonScanner scanner(json);
    scanner.skip_blanks();
    const bool is_object = scanner.take_object([&](const JsonScanner::Text& name) {
        if (!is_named(name, "usage")) return scanner.take_value(depth_limit - 1);
        return take_usage(json, scanner, answer.reported);
    });
    answer.is_object = is_object && is_finished(json, scanner);
    if (!answer.is_object) answer.reported.reset();
    return answer;
}

} // namespace tollgate::upstream
