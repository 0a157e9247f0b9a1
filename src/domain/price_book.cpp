#include "tollgate/domain/price_book.hpp"

#include <utility>

namespace tollgate::domain {

PriceBook::PriceBook(std::vector<PriceEntry> entries, std::string version) : version_(std::move(version)) {
    for (auto& entry : entries) {
        const bool is_new = places_[entry.provider].try_emplace(entry.model, entries_.size()).second;
        if (is_new) entries_.push_back(std::move(entry));
    }
}

const ModelPrice* PriceBook::find_exactly(std::string_view provider, std::string_view model) const {
    const auto models = places_.find(provider);
    if (models == places_.end()) return nullptr;
    const auto place = models->second.find(model);
    return place == models->second.end() ? nullptr : &entries_[place->second].price;
}

const ModelPrice* PriceBook::find(std::string_view provider, std::string_view model) const {
    const auto* price = find_exactly(provider, model);
    return price == nullptr ? find_exactly("", model) : price;
}

} // namespace tollgate::domain
