// Reads a price list in the schema of LiteLLM's model_prices_and_context_window.json and the overrides of the
// configuration. One bad entry does not spoil the others: it is listed, and its model has no price. Runs at
// start and on reload, off the request path. docs/money.md says what each field comes to.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/domain/price_book.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::config {

struct PriceNote {
    std::string key{}; // as it stands in the file
    std::string text{};
    friend bool operator==(const PriceNote&, const PriceNote&) = default;
};

struct PriceList {
    domain::PriceBook book{};
    std::size_t models = 0;            // entries read
    std::size_t priced = 0;            // of them, those that can be charged
    std::vector<PriceNote> faults{};   // what is written wrongly; its model has no price
    std::vector<PriceNote> unpriced{}; // what the list gives no usable price for, with the reason
};

/// `overrides` is a JSON object: model or provider/model → fields, which replace those of the list. A model
/// whose list prices are zero is unpriced, unless an override sets its input_cost_per_token to zero: then it
/// is free. Error: invalid_configuration, if either text is not a JSON object.
base::Result<PriceList> read_prices(std::string_view list, std::string_view overrides);

/// The same for the file at `path`. Error: invalid_configuration, also if it cannot be read.
base::Result<PriceList> load_prices(const std::string& path, std::string_view overrides);

} // namespace tollgate::config
