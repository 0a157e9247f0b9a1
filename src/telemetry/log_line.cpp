#include "telemetry/log_line.hpp"

#include "tollgate/base/json_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace tollgate::telemetry {

namespace {

template <class T>
void append_number(std::string& out, T number) {
    std::array<char, 24> digits{};
    const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    out.append(digits.data(), result.ptr);
}

bool is_plain_word(std::string_view text) {
    const auto is_plain = [](char c) { return c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != '='; };
    return !text.empty() && std::ranges::all_of(text, is_plain);
}

} // namespace

LogLine::LogLine(std::string& out, LineFormat format, std::string_view message) : out_(out), format_(format) {
    if (format_ == LineFormat::json) {
        out_ += "\"message\":";
        base::append_json_string(out_, message);
        return;
    }
    // Escaped like a JSON string, shown without its quotes.
    const auto start = out_.size();
    base::append_json_string(out_, message);
    out_.pop_back();
    out_.erase(start, 1);
}

void LogLine::add(const Attribute& attribute) {
    add_name(attribute.name);
    if (const auto* text = std::get_if<std::string_view>(&attribute.value)) {
        add_text(*text);
    } else if (const auto* flag = std::get_if<bool>(&attribute.value)) {
        out_ += *flag ? "true" : "false";
    } else if (const auto* number = std::get_if<std::int64_t>(&attribute.value)) {
        append_number(out_, *number);
    } else if (const auto* count = std::get_if<std::uint64_t>(&attribute.value)) {
        append_number(out_, *count);
    }
}

void LogLine::add_name(std::string_view name) {
    if (format_ == LineFormat::json) {
        out_ += ',';
        base::append_json_string(out_, name);
        out_ += ':';
        return;
    }
    out_ += ' ';
    out_ += name;
    out_ += '=';
}

void LogLine::add_text(std::string_view text) {
    if (format_ == LineFormat::human && is_plain_word(text)) {
        out_ += text;
    } else {
        base::append_json_string(out_, text);
    }
}

} // namespace tollgate::telemetry
