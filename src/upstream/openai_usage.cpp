#include "tollgate/upstream/openai_usage.hpp"

#include "upstream/json_reader.hpp"

#include <algorithm>
#include <cstring>

namespace tollgate::upstream {

namespace {

using simdjson::ondemand::array;
using simdjson::ondemand::object;
using simdjson::ondemand::value;

constexpr std::uint64_t largest_count = std::uint64_t{1} << 40;

/// The counts as they stand in the JSON; absent is not zero.
struct Counts {
    std::optional<std::uint64_t> prompt{};
    std::optional<std::uint64_t> completion{};
    std::optional<std::uint64_t> total{};
    std::optional<std::uint64_t> cached{};
    std::optional<std::uint64_t> cache_write{};
    std::optional<std::uint64_t> audio_prompt{};
    std::optional<std::uint64_t> audio_completion{};
    std::optional<std::uint64_t> reasoning{};
    bool is_broken = false; // one of the main counts is no count
};

std::optional<std::uint64_t> count_of(value source) {
    std::uint64_t count = 0;
    if (source.get_uint64().get(count) != simdjson::SUCCESS || count > largest_count) return std::nullopt;
    return count;
}

/// A count that the whole usage hangs on: null is as good as absent, anything else must be a count.
void read_main(Counts& counts, std::optional<std::uint64_t>& target, value source) {
    simdjson::ondemand::json_type type{};
    if (source.type().get(type) == simdjson::SUCCESS && type == simdjson::ondemand::json_type::null) return;
    target = count_of(source);
    counts.is_broken = counts.is_broken || !target.has_value();
}

void read_prompt_details(Counts& counts, value source) {
    for_each_member(source, [&](std::string_view key, value member) {
        if (key == "cached_tokens") counts.cached = count_of(member);
        if (key == "cache_write_tokens") counts.cache_write = count_of(member);
        if (key == "audio_tokens") counts.audio_prompt = count_of(member);
    });
}

void read_completion_details(Counts& counts, value source) {
    for_each_member(source, [&](std::string_view key, value member) {
        if (key == "reasoning_tokens") counts.reasoning = count_of(member);
        if (key == "audio_tokens") counts.audio_completion = count_of(member);
    });
}

void read_count(Counts& counts, std::string_view key, value member) {
    if (key == "prompt_tokens") return read_main(counts, counts.prompt, member);
    if (key == "completion_tokens") return read_main(counts, counts.completion, member);
    if (key == "total_tokens") return read_main(counts, counts.total, member);
    if (key == "prompt_tokens_details") return read_prompt_details(counts, member);
    if (key == "completion_tokens_details") return read_completion_details(counts, member);
    // DeepSeek's and Moonshot's names for cached_tokens.
    if (key == "prompt_cache_hit_tokens" || key == "cached_tokens") {
        const auto cached = count_of(member);
        if (!counts.cached) counts.cached = cached;
    }
}

/// Takes up to `wanted` out of `rest`.
std::uint64_t take(std::uint64_t& rest, std::optional<std::uint64_t> wanted) {
    const std::uint64_t taken = std::min(rest, wanted.value_or(0));
    rest -= taken;
    return taken;
}

std::optional<domain::Usage> usage_of(const Counts& counts) {
    if (counts.is_broken || !counts.prompt) return std::nullopt;
    domain::Usage usage{.source = domain::UsageSource::provider};
    std::uint64_t prompt = *counts.prompt;
    usage.cached_input = take(prompt, counts.cached);
    usage.cache_write = take(prompt, counts.cache_write);
    usage.audio_input = take(prompt, counts.audio_prompt);
    usage.input = prompt;

    std::uint64_t completion = counts.completion.value_or(0);
    const std::uint64_t counted = *counts.prompt + completion;
    const std::uint64_t total = counts.total.value_or(counted);
    // Embeddings have no completion; a total of their own is no thinking.
    const std::uint64_t thinking = counts.completion && total > counted ? total - counted : 0;
    usage.audio_output = take(completion, counts.audio_completion);
    usage.output = completion + thinking;
    usage.reasoning = std::min(usage.output, std::max(thinking, counts.reasoning.value_or(0)));
    return usage;
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

    Counts counts;
    const bool is_whole = for_each_member(source, [&](std::string_view key, value member) {
        if (key == "cost") {
            reported.cost_value = reader.span_of(raw_text(member));
        } else if (key == "currency") {
            reported.currency_value = reader.span_of(raw_text(member));
        } else {
            read_count(counts, key, member);
        }
    });
    const auto usage = usage_of(counts);
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

} // namespace

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

std::optional<ReportedUsage> read_usage_value(std::string_view json, std::string_view value) {
    if (!value.starts_with('{')) return std::nullopt;
    JsonReader reader(value);
    auto reported = reader.visit_root([&reader](object usage) { return read_usage_object(reader, usage); });
    if (!reported) return std::nullopt;
    const auto offset = static_cast<std::size_t>(value.data() - json.data());
    reported->usage_object.offset += offset;
    if (reported->cost_value) reported->cost_value->offset += offset;
    if (reported->currency_value) reported->currency_value->offset += offset;
    return reported;
}

std::vector<domain::Splice> cost_splices(const ReportedUsage& reported, base::Money cost,
                                         std::string_view currency) {
    std::vector<domain::Splice> splices;
    std::string added;
    const auto put = [&](std::string_view name, std::string text, std::optional<domain::Span> present) {
        if (present) {
            splices.push_back({.at = *present, .text = std::move(text)});
        } else {
            added.append(",\"").append(name).append("\":").append(text);
        }
    };
    put("cost", base::to_string(cost), reported.cost_value);
    put("currency", "\"" + std::string(currency) + "\"", reported.currency_value);
    if (added.empty()) return splices;
    const std::size_t closing_brace = reported.usage_object.offset + reported.usage_object.length - 1;
    splices.push_back({.at = {.offset = closing_brace, .length = 0}, .text = std::move(added)});
    return splices;
}

domain::TextMeasure measure_answer(std::string_view json) {
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

} // namespace tollgate::upstream
