#include "tollgate/domain/routing.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace tollgate::domain {

namespace {

using base::ErrorCode;
using base::Result;

struct Claim {
    std::string_view prefix;
    std::string_view provider;
};

constexpr std::array claims = {
    Claim{"gpt-", "openai"},        Claim{"o1", "openai"},         Claim{"o3", "openai"},
    Claim{"o4", "openai"},          Claim{"chatgpt-", "openai"},   Claim{"text-embedding-", "openai"},
    Claim{"dall-e-", "openai"},     Claim{"gpt-image-", "openai"}, Claim{"tts-", "openai"},
    Claim{"whisper-", "openai"},    Claim{"claude-", "anthropic"}, Claim{"gemini-", "google"},
    Claim{"deepseek-", "deepseek"}, Claim{"mistral-", "mistral"},  Claim{"mixtral-", "mistral"},
    Claim{"codestral-", "mistral"}, Claim{"grok-", "xai"},
};

constexpr std::array<std::string_view, 6> known_prefixes = {"openai",   "anthropic", "google",
                                                            "deepseek", "mistral",   "xai"};

std::unexpected<base::Error> no_provider(std::string_view model, std::string_view provider) {
    return base::fail(ErrorCode::no_provider, base::ErrorSource::internal,
                      "the model '" + std::string(model) + "' belongs to the provider '" +
                          std::string(provider) + "', which is not configured on this gateway");
}

} // namespace

std::string_view provider_of_name(std::string_view model) {
    const auto claim =
        std::ranges::find_if(claims, [model](const Claim& each) { return model.starts_with(each.prefix); });
    return claim == claims.end() ? std::string_view{} : claim->provider;
}

std::optional<std::size_t> Router::find_provider(std::string_view name) const {
    const auto found = std::ranges::find(rules_.providers, name);
    if (found == rules_.providers.end()) return std::nullopt;
    return static_cast<std::size_t>(found - rules_.providers.begin());
}

Result<Target> Router::find_target(std::string_view model) const {
    const auto slash = model.find('/');
    if (slash != std::string_view::npos) {
        const std::string_view prefix = model.substr(0, slash);
        const auto provider = find_provider(prefix);
        if (provider && slash + 1 < model.size())
            return Target{*provider, std::string(model.substr(slash + 1))};
        if (std::ranges::find(known_prefixes, prefix) != known_prefixes.end())
            return no_provider(model, prefix);
    }
    const std::string_view claimed_by = provider_of_name(model);
    if (!claimed_by.empty()) {
        const auto provider = find_provider(claimed_by);
        if (provider) return Target{*provider, std::string(model)};
    }
    if (rules_.pool) {
        const auto provider = find_provider(*rules_.pool);
        if (provider) return Target{*provider, std::string(model)};
    }
    if (!claimed_by.empty()) return no_provider(model, claimed_by);
    return base::reject(ErrorCode::unknown_model,
                        "no provider serves a model named '" + std::string(model) +
                            "'; GET /v1/models lists what this key may use",
                        "model");
}

Result<Route> Router::route(std::string_view model) const {
    std::string name(model);
    const auto alias = rules_.aliases.find(name);
    if (alias != rules_.aliases.end()) name = alias->second;
    const auto first = find_target(name);
    if (!first) return std::unexpected(first.error());
    Route route{{*first}};
    auto chain = rules_.fallbacks.find(rules_.providers[first->provider] + "/" + first->model);
    if (chain == rules_.fallbacks.end()) chain = rules_.fallbacks.find(name);
    if (chain == rules_.fallbacks.end()) return route;
    for (const std::string& next : chain->second) {
        auto target = find_target(next);
        if (target) route.targets.push_back(std::move(*target));
    }
    return route;
}

} // namespace tollgate::domain
