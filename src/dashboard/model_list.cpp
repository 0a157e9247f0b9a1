#include "tollgate/dashboard/model_list.hpp"

#include "dashboard/json_reply.hpp"
#include "tollgate/base/decimal.hpp"
#include "tollgate/domain/price_sheet.hpp"

#include <algorithm>

namespace tollgate::dashboard {

namespace {

constexpr std::uint64_t million = 1'000'000;

struct Modalities {
    std::vector<std::string> in{"text"};
    std::vector<std::string> out{"text"};
};

Modalities modalities_of(std::string_view mode) {
    if (mode == "image_generation") return {.in = {"text"}, .out = {"image"}};
    if (mode == "audio_speech") return {.in = {"text"}, .out = {"audio"}};
    if (mode == "audio_transcription") return {.in = {"audio"}, .out = {"text"}};
    if (mode == "embedding") return {.in = {"text"}, .out = {"embedding"}};
    return {};
}

/// What a million tokens of one kind are charged; nothing when that does not fit.
std::optional<base::Money> charged(domain::Rate rate, const domain::Terms& terms) {
    domain::AppliedRates rates;
    rates.input = rate;
    const auto amount = domain::charge(rates, {.input = million, .requests = 0}, terms);
    return amount ? std::optional(*amount) : std::nullopt;
}

std::string dollars_per_million(domain::Rate rate) {
    // 10^6 units of 10^-15 dollars: the point moves by six.
    const auto digits = static_cast<std::int64_t>(std::min<std::uint64_t>(rate.femtodollars(), INT64_MAX));
    return base::to_string(base::Decimal::parse(std::to_string(digits) + "e-9").value_or(base::Decimal{}));
}

/// A millionth of an amount, exactly.
std::string per_unit(base::Money of_a_million) {
    return base::to_string(
        base::Decimal::parse(std::to_string(of_a_million.micros()) + "e-12").value_or(base::Decimal{}));
}

void put_rate(Json& model, const std::string& kind, domain::Rate rate, const ModelSources& sources) {
    const auto amount = charged(rate, sources.terms);
    model[kind + "_cost_per_token"] = domain::to_string(rate);
    model[kind + "_cost_per_1m"] = dollars_per_million(rate);
    model[kind + "_price_per_1m"] = or_null(amount);
    if (sources.currency == "INR")
        model[kind + "_cost_per_token_inr"] = amount ? Json(per_unit(*amount)) : Json();
}

void put_nothing(Json& model, const std::string& kind, const ModelSources& sources) {
    for (const char* what : {"_cost_per_token", "_cost_per_1m", "_price_per_1m"})
        model[kind + what] = nullptr;
    if (sources.currency == "INR") model[kind + "_cost_per_token_inr"] = nullptr;
}

void put_rates(Json& model, const domain::ModelPrice* price, const ModelSources& sources) {
    const bool is_priced = price != nullptr && price->is_priced();
    const domain::AppliedRates rates = is_priced ? domain::rates_for(*price, 0) : domain::AppliedRates{};
    const std::pair<const char*, domain::Rate> kinds[] = {
        {"input", rates.input}, {"output", rates.output}, {"cached_input", rates.cached_input}};
    for (const auto& [kind, rate] : kinds) {
        is_priced ? put_rate(model, kind, rate, sources) : put_nothing(model, kind, sources);
    }
    model["prices"] = Json::array();
    if (!is_priced) return;
    for (const domain::PricePoint& point : domain::price_points(*price, sources.terms)) {
        model["prices"].push_back({{"kind", point.kind},
                                   {"above", point.above},
                                   {"units", point.units},
                                   {"usd", point.dollars},
                                   {"charged", base::to_string(point.charged)}});
    }
}

const domain::ModelPrice* price_of(const std::string& id, const ModelSources& sources) {
    const auto route = sources.router.route(id);
    if (!route) return nullptr;
    const domain::Target& target = route->targets.front();
    return sources.book.find(sources.router.rules().providers[target.provider], target.model);
}

ListedModel list_model(const domain::CatalogueModel& entry, const ModelSources& sources) {
    const domain::ModelPrice* price = price_of(entry.id, sources);
    const std::string mode = price != nullptr ? price->mode : "chat";
    const Modalities modalities = modalities_of(mode);
    const std::string name = entry.id.substr(entry.id.rfind('/') + 1);
    Json model = {{"id", entry.id},
                  {"name", name},
                  {"short_name", name},
                  {"description", ""},
                  {"provider", entry.provider},
                  {"mode", mode},
                  {"context_length", or_null(price != nullptr ? price->max_input_tokens : std::nullopt)},
                  {"max_output_tokens", or_null(price != nullptr ? price->max_output_tokens : std::nullopt)},
                  {"currency", sources.currency}};
    put_rates(model, price, sources);
    model["input_modalities"] = modalities.in;
    model["output_modalities"] = modalities.out;
    model["tags"] = Json::array({mode});
    model["is_active"] = true;
    model["is_free"] = price != nullptr && price->is_free;
    return {.id = entry.id, .provider = entry.provider, .mode = mode, .json = dump(model)};
}

} // namespace

ModelList make_model_list(const ModelSources& sources) {
    ModelList list;
    for (const domain::CatalogueModel& entry : sources.catalogue.models)
        list.models.push_back(list_model(entry, sources));
    return list;
}

} // namespace tollgate::dashboard
