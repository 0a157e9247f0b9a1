// What a key's holder may ask about itself: the models it may use, its limits. Builds JSON; no I/O.
#pragma once

#include "gateway/principal.hpp"
#include "tollgate/base/error.hpp"
#include "tollgate/domain/catalogue.hpp"
#include "tollgate/domain/routing.hpp"
#include "tollgate/ports/ledger.hpp"

#include <string>
#include <string_view>

namespace tollgate::gateway {

/// OpenAI's list of the catalogue's models that the key may use.
std::string model_list_body(const domain::Catalogue& catalogue, const domain::Policy& policy);

/// One model: of the catalogue, or any name that a provider would be asked for. Errors: unknown_model,
/// model_not_allowed.
base::Result<std::string> model_body(const domain::Router& router, const domain::Policy& policy,
                                     std::string_view id);

/// The key's own limits and spend in OpenRouter's shape (GET /api/v1/key there), with the currency named.
std::string key_body(const domain::ApiKey& key, const ports::KeySpend& spend, std::string_view currency);

/// The account's wallet.
std::string credits_body(const ports::Wallet& wallet, std::string_view currency);

} // namespace tollgate::gateway
