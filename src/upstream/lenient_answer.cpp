#include "upstream/lenient_answer.hpp"

#include "upstream/json_reader.hpp"
#include "upstream/usage_counts.hpp"

#include <cstring>

namespace tollgate::upstream {

namespace {

using simdjson::ondemand::array;
using simdjson::ondemand::object;
using simdjson::ondemand::value;

ReportedCount count_of(value source) {
    simdjson::ondemand::json_type type{};
    const bool has_type = source.type().get(type) == simdjson::SUCCESS;
    if (has_type && type == simdjson::ondemand::json_type::null) return ReportedCount::null();
    std::uint64_t count = 0;
    return source.get_uint64().get(count) == simdjson::SUCCESS ? ReportedCount::of(count) : ReportedCount();
}

void read_count(UsageCounts& counts, std::string_view key, value member) {
    const UsageCounts::Part part = UsageCounts::part_of(key);
    if (part == UsageCounts::Part::whole) return counts.take(part, key, count_of(member));
    for_each_member(
        member, [&](std::string_view detail, value count) { counts.take(part, detail, count_of(count)); });
}

/// Where the figures and the members of a gateway stand in the usage object.
std::optional<ReportedUsage> read_usage_object(const JsonReader& reader, object source) {
    ReportedUsage reported;
    std::string_view text;
    if (source.raw_json().get(text) != simdjson::SUCCESS) return std::nullopt;
    // Brackets are only matched when their members are visited.
    reported.usage_object = reader.span_of(text);
    if (text[reported.usage_object.length - 1] != '}') return std::nullopt;
    if (source.reset().error() != simdjson::SUCCESS) return std::nullopt;

    UsageCounts counts;
    const bool is_whole = for_each_member(source, [&](std::string_view key, value member) {
        if (key == "cost") {
            reported.cost_value = reader.span_of(raw_text(member));
        } else if (key == "currency") {
            reported.currency_value = reader.span_of(raw_text(member));
        } else {
            read_count(counts, key, member);
        }
    });
    const auto usage = counts.usage();
    if (!is_whole || !usage) return std::nullopt;
    reported.usage = *usage;
    return reported;
}

bool is_empty_array(value source) {
    array elements;
    bool is_empty = false;
    return source.get_array().get(elements) == simdjson::SUCCESS &&
           elements.is_empty().get(is_empty) == simdjson::SUCCESS && is_empty;
}

// Below this no client looks for text; a bound for the recursion.
constexpr int deepest_text = 16;

/// All strings of a message, except those that name things and those that hold files.
void measure_strings(domain::TextMeasure& measure, value source, int depth) {
    std::string_view text;
    if (source.get_string().get(text) == simdjson::SUCCESS) return measure.add(text);
    if (depth == deepest_text) return;
    array elements;
    if (source.get_array().get(elements) == simdjson::SUCCESS) {
        for (auto element : elements) {
            value item;
            if (element.get(item) != simdjson::SUCCESS) return;
            measure_strings(measure, item, depth + 1);
        }
        return;
    }
    for_each_member(source, [&](std::string_view key, value member) {
        if (key == "role" || key == "type" || key == "id" || key == "data" || key == "url") return;
        measure_strings(measure, member, depth + 1);
    });
}

void measure_choices(domain::TextMeasure& measure, value source) {
    array choices;
    if (source.get_array().get(choices) != simdjson::SUCCESS) return;
    for (auto element : choices) {
        value choice;
        if (element.get(choice) != simdjson::SUCCESS) return;
        for_each_member(choice, [&](std::string_view key, value member) {
            if (key == "delta" || key == "message" || key == "text") measure_strings(measure, member, 0);
        });
    }
}

/// Is there a usage object? True also when the letters stand deeper; `"usage":null` is false.
bool may_hold_usage(std::string_view json) {
    constexpr std::string_view name = "\"usage\"";
    constexpr std::string_view blanks = " \t\r\n";
    while (!json.empty()) {
        // string_view::find would stop at every quote.
        const void* found = memmem(json.data(), json.size(), name.data(), name.size());
        if (found == nullptr) return false;
        json.remove_prefix(static_cast<std::size_t>(static_cast<const char*>(found) - json.data()) +
                           name.size());
        const auto colon = json.find_first_not_of(blanks);
        if (colon == std::string_view::npos || json[colon] != ':') continue;
        const auto value_start = json.find_first_not_of(blanks, colon + 1);
        if (value_start != std::string_view::npos && json[value_start] == '{') return true;
    }
    return false;
}

std::optional<ReportedUsage> read_usage(std::string_view json) {
    if (!may_hold_usage(json)) return std::nullopt;
    JsonReader reader(json);
    std::optional<ReportedUsage> reported;
    bool choices_empty = true;
    const bool is_whole = reader.for_each_root_member([&](std::string_view key, value member) {
        if (key == "choices") choices_empty = is_empty_array(member);
        if (key != "usage") return;
        object usage;
        reported.reset();
        if (member.get_object().get(usage) == simdjson::SUCCESS) reported = read_usage_object(reader, usage);
    });
    if (!is_whole) return std::nullopt;
    if (reported) reported->choices_empty = choices_empty;
    return reported;
}

domain::TextMeasure measure_text(std::string_view json) {
    domain::TextMeasure measure;
    JsonReader reader(json);
    const bool is_whole = reader.for_each_root_member([&](std::string_view key, value member) {
        if (key == "choices") measure_choices(measure, member);
    });
    if (is_whole) return measure;
    domain::TextMeasure raw;
    raw.add(json);
    return raw;
}

} // namespace

AnswerChunk read_leniently(std::string_view json) {
    return {.text = measure_text(json), .reported = read_usage(json)};
}

} // namespace tollgate::upstream
