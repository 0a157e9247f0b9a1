#include "config/price_entry.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace tollgate::config {

namespace {

using domain::ModelPrice;
using domain::Rate;
using domain::Rates;

struct PriceField {
    std::string_view name{};
    std::optional<Rate> Rates::* kind = nullptr;
};

constexpr PriceField price_fields[] = {
    {"input_cost_per_token", &Rates::input},
    {"output_cost_per_token", &Rates::output},
    {"cache_read_input_token_cost", &Rates::cached_input},
    {"cache_creation_input_token_cost", &Rates::cache_write},
    {"input_cost_per_audio_token", &Rates::audio_input},
    {"output_cost_per_audio_token", &Rates::audio_output},
    {"output_cost_per_image", &Rates::image},
    {"input_cost_per_request", &Rates::request},
};

constexpr std::string_view reasoning_field = "supports_reasoning";
constexpr std::string_view image_token_field = "output_cost_per_image_token";
constexpr std::string_view image_input_field = "input_cost_per_image";

// Units that no usage report counts. A model that has only these is not priced.
constexpr std::string_view unmetered[] = {
    "tiered_pricing",           "input_cost_per_second",     "output_cost_per_second",
    "input_cost_per_character", "output_cost_per_character", "input_cost_per_pixel",
    "output_cost_per_pixel",    "ocr_cost_per_page",         "input_cost_per_query",
};

constexpr std::string_view plain_fields[] = {"mode", "litellm_provider", "max_tokens", "max_input_tokens",
                                             "max_output_tokens"};

/// "input_cost_per_token_above_200k_tokens": the name before the suffix, and 200,000. Without such a suffix
/// the name as it is, and 0.
std::pair<std::string_view, std::uint64_t> split_tier(std::string_view name) {
    constexpr std::string_view middle = "_above_";
    constexpr std::string_view end = "_tokens";
    const auto at = name.rfind(middle);
    if (at == std::string_view::npos || !name.ends_with(end)) return {name, 0};
    std::string_view number = name.substr(at + middle.size());
    number.remove_suffix(end.size());
    const bool is_thousands = number.ends_with('k');
    if (is_thousands) number.remove_suffix(1);
    std::uint64_t above = 0;
    const auto [stop, error] = std::from_chars(number.data(), number.data() + number.size(), above);
    const bool is_whole = error == std::errc{} && stop == number.data() + number.size();
    if (!is_whole || above == 0 || above > 1'000'000'000) return {name, 0};
    return {name.substr(0, at), is_thousands ? above * 1'000 : above};
}

const PriceField* find_price_field(std::string_view name) {
    const auto* field = std::ranges::find(price_fields, name, &PriceField::name);
    return field == std::end(price_fields) ? nullptr : field;
}

std::string text_of(const Fields& fields, std::string_view name) {
    const auto field = fields.find(name);
    return field == fields.end() || field->second.kind != FieldKind::text ? std::string()
                                                                          : field->second.text;
}

/// A price as a number or, as some lists have it, a number in quotes. Absent and null are the same.
std::optional<Rate> rate_of(const Fields& fields, std::string_view name, std::string& fault) {
    const auto field = fields.find(name);
    if (field == fields.end() || field->second.kind == FieldKind::null) return std::nullopt;
    if (field->second.kind == FieldKind::other) {
        fault = std::string(name) + " is not a number";
        return std::nullopt;
    }
    const auto rate = Rate::parse(field->second.text);
    if (!rate) {
        fault = std::string(name) + ": " + rate.error().message;
        return std::nullopt;
    }
    return *rate;
}

/// A number of tokens; what is no whole number above zero is as good as absent.
std::optional<std::uint64_t> limit_of(const Fields& fields, std::string_view name) {
    const auto field = fields.find(name);
    if (field == fields.end() || field->second.kind > FieldKind::text) return std::nullopt;
    const auto number = base::Decimal::parse(field->second.text);
    if (!number || number->scale != 0 || number->digits <= 0) return std::nullopt;
    return static_cast<std::uint64_t>(number->digits);
}

void read_rates(ModelPrice& price, const Fields& fields, std::string& fault) {
    // xAI bills the higher price once the prompt reaches the threshold, as LiteLLM has it too.
    const std::uint64_t inclusive = text_of(fields, "litellm_provider") == "xai" ? 1 : 0;
    for (const auto& [name, field] : fields) {
        const auto [stem, above] = split_tier(name);
        const auto* known = find_price_field(stem);
        if (known == nullptr) continue;
        const auto rate = rate_of(fields, name, fault);
        if (!rate) continue;
        if (above == 0) {
            price.base.*known->kind = rate;
            continue;
        }
        const std::uint64_t threshold = above - inclusive;
        auto tier = std::ranges::lower_bound(price.tiers, threshold, {}, &domain::Tier::above);
        if (tier == price.tiers.end() || tier->above != threshold) {
            tier = price.tiers.insert(tier, domain::Tier{.above = threshold});
        }
        tier->rates.*known->kind = rate;
    }
}

/// Pictures are counted as tokens or one by one, never both; tokens of pictures are output like any other.
void settle_images(ModelPrice& price, const Fields& fields, std::string& fault) {
    const auto image_token = rate_of(fields, image_token_field, fault);
    if (image_token && image_token > price.base.output) price.base.output = image_token;
    if (price.mode != "image_generation" || price.base.output.has_value()) {
        price.base.image.reset();
        for (auto& tier : price.tiers) tier.rates.image.reset();
    } else if (!price.base.image) {
        price.base.image = rate_of(fields, image_input_field, fault);
    }
}

bool answers_in_text(std::string_view mode) {
    return mode == "chat" || mode == "completion" || mode == "responses";
}

bool is_above_zero(std::optional<Rate> rate) {
    return rate.has_value() && !rate->is_zero();
}

bool says_something(const Field& field) {
    if (field.kind == FieldKind::null) return false;
    const auto number = base::Decimal::parse(field.text);
    return !number || !number->is_zero();
}

/// Why this cannot be charged; empty if it can.
std::string why_unpriced(const ModelPrice& price, const Fields& fields) {
    const bool is_charged_by_request = is_above_zero(price.base.request);
    const bool needs_output = answers_in_text(price.mode) && !is_charged_by_request;
    if (price.is_priced()) {
        return needs_output && !price.base.output ? "it has no output price" : "";
    }
    for (const auto name : unmetered) {
        const auto field = fields.find(name);
        if (field != fields.end() && says_something(field->second)) {
            return "it is priced by " + std::string(name) + ", which is not metered";
        }
    }
    return price.base.input || price.base.output
               ? "its prices are zero, which a list says of what it does not know"
               : "it has no price";
}

/// LiteLLM's word for a provider to ours, with how far it is from the provider's own price list.
std::pair<std::string_view, int> canonical_provider(std::string_view name) {
    if (name == "gemini") return {"google", 1};
    if (name == "vertex_ai" || name == "vertex_ai-language-models" || name == "vertex_ai-embedding-models" ||
        name == "vertex_ai-image-models") {
        return {"google", 3};
    }
    if (name == "text-completion-openai") return {"openai", 2};
    if (name == "codestral" || name == "text-completion-codestral") return {"mistral", 2};
    return {name, 1};
}

} // namespace

ReadPrice read_price(const Fields& fields) {
    ReadPrice result;
    ModelPrice& price = result.price;
    const std::string mode = text_of(fields, "mode");
    if (!mode.empty()) price.mode = mode;
    price.max_input_tokens = limit_of(fields, "max_input_tokens");
    price.max_output_tokens = limit_of(fields, "max_output_tokens");
    // The legacy field: the most of output, where the provider names one.
    if (!price.max_output_tokens) price.max_output_tokens = limit_of(fields, "max_tokens");
    // A list that leaves the field out does not know.
    const auto reasoning = fields.find(reasoning_field);
    price.never_reasons = reasoning != fields.end() && reasoning->second.text == "false";
    read_rates(price, fields, result.fault);
    settle_images(price, fields, result.fault);
    if (result.fault.empty()) result.reason = why_unpriced(price, fields);
    if (!result.fault.empty() || !result.reason.empty()) {
        price.base = {};
        price.tiers.clear();
    }
    return result;
}

bool is_known_field(std::string_view name) {
    return std::ranges::find(plain_fields, name) != std::end(plain_fields) ||
           find_price_field(split_tier(name).first) != nullptr || name == image_token_field ||
           name == image_input_field || name == reasoning_field;
}

Identity identify(std::string_view key, const Fields& fields) {
    const std::string named = text_of(fields, "litellm_provider");
    const auto [own, distance] = canonical_provider(named);
    const auto slash = key.find('/');
    if (slash == std::string_view::npos) {
        return {.provider = std::string(own), .model = std::string(key), .rank = distance};
    }
    const std::string_view prefix = key.substr(0, slash);
    const auto provider = canonical_provider(prefix).first;
    // "1024-x-1024/dall-e-2" has a slash and no provider in front of it.
    if (!named.empty() && prefix != named && provider != own) {
        return {.provider = std::string(own), .model = std::string(key), .rank = distance};
    }
    return {.provider = std::string(provider),
            .model = std::string(key.substr(slash + 1)),
            .rank = prefix == provider ? 0 : distance};
}

} // namespace tollgate::config
