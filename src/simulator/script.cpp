#include "simulator/script.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <utility>

namespace tollgate::simulator {

namespace {

template <class Number>
bool read(std::string_view text, Number& value) {
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    return fault == std::errc{} && end == text.data() + text.size();
}

template <class Number>
bool read_up_to(std::string_view text, Number most, Number& value) {
    return read(text, value) && value <= most;
}

template <class Number>
bool read_optional(std::string_view text, std::optional<Number>& value) {
    return read(text, value.emplace());
}

bool read_name(std::string_view text, std::string& value) {
    value = text;
    return !text.empty();
}

bool read_status(std::string_view text, int& status) {
    return read(text, status) && status >= 200 && status <= 599;
}

bool read_first_token(Script& script, std::string_view text) {
    std::uint32_t ms = 0;
    if (!read_up_to(text, 86'400'000U, ms)) return false;
    script.first_token = std::chrono::milliseconds(ms);
    return true;
}

bool read_tokens(Script& script, std::string_view text) {
    return read_up_to(text, 1'000'000U, script.tokens.emplace());
}

bool read_cap(Script& script, std::string_view text) {
    script.cap = text == "off" ? Cap::ignored : Cap::honoured;
    return text == "on" || text == "off";
}

bool read_usage(Script& script, std::string_view text) {
    static constexpr std::array<std::pair<std::string_view, UsagePlace>, 5> places{
        {{"asked", UsagePlace::as_asked},
         {"off", UsagePlace::off},
         {"always", UsagePlace::always},
         {"every", UsagePlace::every},
         {"finish", UsagePlace::finish}}};
    for (const auto& [name, place] : places) {
        if (text != name) continue;
        script.usage = place;
        return true;
    }
    script.usage = UsagePlace::chunk;
    return read(text, script.usage_chunk);
}

bool read_status_once(Script& script, std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return false;
    return read_status(text.substr(0, colon), script.status_once) &&
           read(text.substr(colon + 1), script.status_once_count);
}

bool read_error_in_stream(Script& script, std::string_view text) {
    return read_optional(text, script.error_in_stream);
}

enum class Amount { none, optional, required };

struct FaultName {
    std::string_view name;
    FaultKind kind;
    Amount amount;
};

constexpr std::array<FaultName, 15> fault_names{{{"none", FaultKind::none, Amount::none},
                                                 {"cut", FaultKind::cut, Amount::required},
                                                 {"close", FaultKind::close, Amount::required},
                                                 {"hang", FaultKind::hang, Amount::optional},
                                                 {"drip", FaultKind::drip, Amount::optional},
                                                 {"garbage", FaultKind::garbage, Amount::none},
                                                 {"html", FaultKind::html, Amount::none},
                                                 {"empty", FaultKind::empty, Amount::none},
                                                 {"badjson", FaultKind::badjson, Amount::none},
                                                 {"refuse", FaultKind::refuse, Amount::none},
                                                 {"redirect", FaultKind::redirect, Amount::none},
                                                 {"stale", FaultKind::stale, Amount::none},
                                                 {"extra", FaultKind::extra, Amount::none},
                                                 {"early", FaultKind::early, Amount::none},
                                                 {"bigbody", FaultKind::bigbody, Amount::required}}};

constexpr std::uint64_t most_bytes = 256U << 20U;

bool read_fault(Script& script, std::string_view text) {
    const std::size_t colon = text.find(':');
    const bool has_amount = colon != std::string_view::npos;
    for (const FaultName& known : fault_names) {
        if (text.substr(0, colon) != known.name) continue;
        if (has_amount ? known.amount == Amount::none : known.amount == Amount::required) return false;
        script.fault = Fault{.kind = known.kind};
        if (!has_amount) return true;
        return read_up_to(text.substr(colon + 1), most_bytes, script.fault.amount.emplace());
    }
    return false;
}

constexpr std::array<Directive, 22> table{{
    {"ttft=MS", "time to the first token", read_first_token},
    {"tps=N", "tokens per second of each stream; 0 sends all at once",
     [](Script& s, std::string_view v) { return read_up_to(v, 1'000'000U, s.tokens_per_second); }},
    {"tokens=N", "completion tokens, one chunk each", read_tokens},
    {"prompt_tokens=N", "prompt tokens to report (usual: a quarter of the prompt's bytes, rounded up)",
     [](Script& s, std::string_view v) { return read_optional(v, s.prompt_tokens); }},
    {"cached_tokens=N", "of the prompt, read from the provider's cache",
     [](Script& s, std::string_view v) { return read(v, s.cached_tokens); }},
    {"cache_write_tokens=N", "of the prompt, written to the provider's cache",
     [](Script& s, std::string_view v) { return read(v, s.cache_write_tokens); }},
    {"reasoning_tokens=N", "hidden completion tokens on top of `tokens`",
     [](Script& s, std::string_view v) { return read(v, s.reasoning_tokens); }},
    {"cap=on|off", "off: run past max_tokens, as a faulty provider does", read_cap},
    {"tool=NAME", "call this tool; `none` answers with text although tools are given",
     [](Script& s, std::string_view v) { return read_name(v, s.tool); }},
    {"finish=REASON", "the finish reason, for example length or content_filter",
     [](Script& s, std::string_view v) { return read_name(v, s.finish); }},
    {"model=NAME", "the model's name in the answer (usual: the one asked for)",
     [](Script& s, std::string_view v) { return read_name(v, s.model); }},
    {"usage=off|always|every|finish|N",
     "where usage is reported: never, in a stream unasked, in every chunk, with the "
     "finish reason, in chunk N",
     read_usage},
    {"status=CODE", "answer with this status; 400 and above in the provider's error shape",
     [](Script& s, std::string_view v) { return read_status(v, s.status); }},
    {"code=CODE", "the error's code, for example insufficient_quota",
     [](Script& s, std::string_view v) { return read_name(v, s.code); }},
    {"retry_after=S", "header retry-after in seconds",
     [](Script& s, std::string_view v) { return read_optional(v, s.retry_after_s); }},
    {"retry_after_ms=MS", "header retry-after-ms",
     [](Script& s, std::string_view v) { return read_optional(v, s.retry_after_ms); }},
    {"status_once=CODE:K",
     "the first K requests of the same tag (without a tag: the same body) fail with CODE", read_status_once},
    {"fault=KIND[:N]",
     "cut:N close:N hang[:N] drip[:MS] garbage html empty badjson refuse redirect stale extra early "
     "bigbody:BYTES",
     read_fault},
    {"error_in_stream=N", "an error event after N chunks, and then the end of the stream",
     read_error_in_stream},
    {"split=N", "send a stream's bytes in pieces of N bytes",
     [](Script& s, std::string_view v) { return read(v, s.split); }},
    {"tag=NAME", "a name for the request log and for status_once",
     [](Script& s, std::string_view v) { return read_name(v, s.tag); }},
    {"seed=N", "seed of the text", [](Script& s, std::string_view v) { return read(v, s.seed); }},
}};

base::Result<void> apply_one(Script& script, std::string_view item) {
    const std::size_t equals = item.find('=');
    for (const Directive& known : table) {
        if (item.substr(0, equals) != known.name()) continue;
        if (equals != std::string_view::npos && known.apply(script, item.substr(equals + 1))) return {};
        return base::reject(base::ErrorCode::invalid_field,
                            "simulator: '" + std::string(item) + "' is not " + std::string(known.form));
    }
    return base::reject(base::ErrorCode::invalid_field,
                        "simulator: '" + std::string(item) + "' is not a directive; --help lists them all");
}

} // namespace

std::span<const Directive> directives() {
    return table;
}

base::Result<void> apply_directives(Script& script, std::string_view text) {
    static constexpr std::string_view separators = " \t\r\n,+";
    for (;;) {
        const std::size_t begin = text.find_first_not_of(separators);
        if (begin == std::string_view::npos) return {};
        text.remove_prefix(begin);
        const std::string_view item = text.substr(0, text.find_first_of(separators));
        auto applied = apply_one(script, item);
        if (!applied) return applied;
        text.remove_prefix(item.size());
    }
}

std::string_view directives_of_model(std::string_view model) {
    const std::size_t plus = model.find('+');
    return plus == std::string_view::npos ? std::string_view{} : model.substr(plus + 1);
}

std::string_view directives_of_text(std::string_view text) {
    static constexpr std::string_view opening = "[[sim:";
    const std::size_t begin = text.rfind(opening);
    if (begin == std::string_view::npos) return {};
    const std::string_view rest = text.substr(begin + opening.size());
    const std::size_t end = rest.find("]]");
    return end == std::string_view::npos ? std::string_view{} : rest.substr(0, end);
}

} // namespace tollgate::simulator
