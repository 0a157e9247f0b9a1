// One entry of a price list: its fields to a price, and LiteLLM's names of providers to ours. Pure.
#pragma once

#include "config/price_fields.hpp"
#include "tollgate/domain/price.hpp"

#include <string>
#include <string_view>

namespace tollgate::config {

struct ReadPrice {
    domain::ModelPrice price{}; // without rates if it cannot be charged
    std::string fault{};        // a field is written wrongly
    std::string reason{};       // why there is no price although nothing is wrong
};

ReadPrice read_price(const Fields& fields);

/// Does this field of an entry bear on anything that is read?
bool is_known_field(std::string_view name);

constexpr int last_rank = 3;

/// Which provider's which model an entry is for.
struct Identity {
    std::string provider{};
    std::string model{};
    int rank = 0; // 0 to last_rank: of two entries for one model the lower counts
};

/// "gemini/gemini-2.5-pro" is google's gemini-2.5-pro; a bare name belongs to its litellm_provider.
Identity identify(std::string_view key, const Fields& fields);

} // namespace tollgate::config
