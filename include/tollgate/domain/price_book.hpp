// The prices in force: an immutable snapshot, shared by all threads, found by provider and model without an
// allocation.
#pragma once

#include "tollgate/domain/price.hpp"

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tollgate::domain {

struct PriceEntry {
    std::string provider{}; // our word for it: "google", not "gemini"; empty: whichever serves the model
    std::string model{};    // without the provider's prefix
    ModelPrice price{};
    friend bool operator==(const PriceEntry&, const PriceEntry&) = default;
};

class PriceBook {
public:
    PriceBook() = default;

    /// Of two entries for one provider and model the first counts. `version` is stored with every charge.
    PriceBook(std::vector<PriceEntry> entries, std::string version);

    /// The entry of this provider, else the one for any provider; null: the model is not known. What is found
    /// may still have no price (ModelPrice::is_priced).
    const ModelPrice* find(std::string_view provider, std::string_view model) const;

    std::span<const PriceEntry> entries() const { return entries_; }
    const std::string& version() const { return version_; }

private:
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    template <class Value>
    using Index = std::unordered_map<std::string, Value, Hash, std::equal_to<>>;

    const ModelPrice* find_exactly(std::string_view provider, std::string_view model) const;

    std::vector<PriceEntry> entries_{};
    Index<Index<std::size_t>> places_{}; // provider → model → place in entries_
    std::string version_{};
};

} // namespace tollgate::domain
