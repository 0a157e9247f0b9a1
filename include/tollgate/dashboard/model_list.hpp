// The public catalogue: every model by name with its prices in US dollars and as it is charged. Made at start
// and by a reload; immutable, shared by all workers.
#pragma once

#include "tollgate/domain/catalogue.hpp"
#include "tollgate/domain/price_book.hpp"
#include "tollgate/domain/routing.hpp"

#include <string>
#include <vector>

namespace tollgate::dashboard {

struct ListedModel {
    std::string id{};
    std::string provider{};
    std::string mode{};
    std::string json{}; // the object that /api/models answers
};

struct ModelList {
    std::vector<ListedModel> models{}; // by id
};

struct ModelSources {
    const domain::Catalogue& catalogue;
    const domain::PriceBook& book;
    const domain::Router& router;
    const domain::Terms& terms;
    std::string_view currency;
};

ModelList make_model_list(const ModelSources& sources);

} // namespace tollgate::dashboard
