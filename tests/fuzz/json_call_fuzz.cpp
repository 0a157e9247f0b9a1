// Any bytes as a call's body: what is accepted another reader accepts and reads alike, places are inside the
// body and parse back, and edits made there give the call that was meant.
#include "fuzz/fuzz_input.hpp"
#include "tollgate/base/check.hpp"
#include "tollgate/http/json_call.hpp"

#include <nlohmann/json.hpp>
#include <set>
#include <vector>

namespace tollgate::http {

namespace {

using domain::Call;
using domain::Endpoint;
using domain::Span;
using nlohmann::json;

json value_at(std::string_view body, const Span& span) {
    TG_CHECK(span.offset <= body.size() && span.length <= body.size() - span.offset);
    const json value = json::parse(body.substr(span.offset, span.length), nullptr, false);
    TG_CHECK(!value.is_discarded());
    return value;
}

void check_places(std::string_view body, const Call& call) {
    TG_CHECK(value_at(body, call.model_value) == call.model);
    TG_CHECK(call.object_open > 0 && body[call.object_open - 1] == '{');
    TG_CHECK(call.choices >= 1 && call.choices <= 128 && call.best_of >= 1 && call.best_of <= 128);
    for (const domain::OutputCap& cap : call.output_caps) {
        TG_CHECK(cap.tokens >= 1 && value_at(body, cap.value) == cap.tokens);
    }
    for (const Span& cap : call.null_output_caps) TG_CHECK(value_at(body, cap).is_null());
    if (call.stream_options_value) {
        const json options = value_at(body, *call.stream_options_value);
        TG_CHECK(call.has_stream_options_members == (options.is_object() && !options.empty()));
        TG_CHECK(call.include_usage ==
                 (options.is_object() && options.value("include_usage", json()) == true));
    }
}

/// What the other reader says about the text; it knows no limits and takes duplicate names.
struct Opinion {
    bool is_json = false;
    bool has_huge_number = false; // refused by it, though strict JSON allows it
    bool has_duplicate = false;
    bool is_beyond_limits = false;
    json value{};
};

Opinion ask(std::string_view body) {
    Opinion opinion;
    // It takes a NUL for the end of its input, which strict JSON has nowhere.
    if (body.find('\0') != std::string_view::npos) return opinion;
    std::vector<std::set<std::string>> open;
    const auto listen = [&open, &opinion](int depth, json::parse_event_t event, json& parsed) {
        if (event == json::parse_event_t::object_start) open.emplace_back();
        if (event == json::parse_event_t::object_end) open.pop_back();
        if (event == json::parse_event_t::key) {
            opinion.has_duplicate |= !open.back().insert(parsed.get<std::string>()).second;
            opinion.is_beyond_limits |= open.back().size() > 8192;
        }
        opinion.is_beyond_limits |= depth >= 128;
        return true;
    };
    try {
        opinion.value = json::parse(body, listen);
        opinion.is_json = true;
    } catch (const json::out_of_range&) {
        opinion.has_huge_number = true;
    } catch (const json::parse_error&) {
        opinion.is_json = false;
    }
    return opinion;
}

/// The other reader must find the same values under the same names.
void check_same(const Opinion& other, const Call& call) {
    if (other.has_huge_number) return;
    TG_CHECK(other.is_json && !other.has_duplicate && !other.is_beyond_limits && other.value.is_object());
    const json& value = other.value;
    TG_CHECK(value.at("model") == call.model);
    TG_CHECK(call.stream == (value.value("stream", json()) == true));
    TG_CHECK(!value.contains("n") || value["n"].is_null() || value["n"] == call.choices);
    TG_CHECK(!value.contains("max_tokens") || value["max_tokens"].is_null() || !call.output_caps.empty());
}

void check_refusal(const Opinion& other, const base::Error& error) {
    TG_CHECK(error.source == base::ErrorSource::client);
    if (error.code != base::ErrorCode::malformed_json || other.has_huge_number) return;
    TG_CHECK(!other.is_json || other.has_duplicate || other.is_beyond_limits || !other.value.is_object());
}

void check_edits(std::string_view body, const Call& call) {
    auto splices = cap_output(call, 1, "max_tokens");
    splices.push_back(rename_model(call, "other/\"name\""));
    auto usage = ask_for_usage(call);
    if (usage) splices.push_back(std::move(*usage));
    const std::string edited = apply_splices(body, std::move(splices));
    const auto again = parse_call(edited, call.endpoint);
    TG_CHECK(again.has_value());
    TG_CHECK(again->model == "other/\"name\"" && again->include_usage && again->stream == call.stream);
    TG_CHECK(!again->output_caps.empty());
    for (const domain::OutputCap& cap : again->output_caps) TG_CHECK(cap.tokens == 1);
}

void check(std::string_view body, Endpoint endpoint) {
    const Opinion other = ask(body);
    const auto call = parse_call(body, endpoint);
    if (!call) {
        check_refusal(other, call.error());
        return;
    }
    check_places(body, *call);
    check_same(other, *call);
    check_edits(body, *call);
}

} // namespace

} // namespace tollgate::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using tollgate::domain::Endpoint;
    tollgate::fuzz::Input input(data, size);
    const std::uint8_t choice = input.take_byte();
    const Endpoint endpoints[] = {Endpoint::chat_completions, Endpoint::completions, Endpoint::embeddings};
    tollgate::http::check(input.rest(), endpoints[choice % 3]);
    return 0;
}
