// Which provider serves a model: aliases and fallback chains first, then explicit prefixes, then well-known
// names, then the pool (contract §4). Built once at start or reload; pure.
#pragma once

#include "tollgate/base/error.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::domain {

/// One provider with the model's name as that provider knows it.
struct Target {
    std::size_t provider = 0; // index into RoutingRules::providers
    std::string model{};
    friend bool operator==(const Target&, const Target&) = default;
};

/// Targets in the order in which they are tried; never empty.
struct Route {
    std::vector<Target> targets{};
};

struct RoutingRules {
    std::vector<std::string> providers{};                      // names, in the order of their indexes
    std::map<std::string, std::string, std::less<>> aliases{}; // name → provider/model or a bare name
    std::map<std::string, std::vector<std::string>, std::less<>> fallbacks{}; // provider/model → further ones
    std::optional<std::string> pool{};
};

class Router {
public:
    explicit Router(RoutingRules rules) : rules_(std::move(rules)) {}

    /// Errors: unknown_model (nothing claims the name), no_provider (its provider is not configured).
    base::Result<Route> route(std::string_view model) const;

    const RoutingRules& rules() const { return rules_; }

private:
    base::Result<Target> find_target(std::string_view model) const;
    std::optional<std::size_t> find_provider(std::string_view name) const;

    RoutingRules rules_;
};

/// The provider that a bare name belongs to: "gpt-4o" → "openai"; empty if none claims it.
std::string_view provider_of_name(std::string_view model);

} // namespace tollgate::domain
