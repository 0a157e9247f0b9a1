// The models that this gateway offers by name. Built at start from the price list, the configured providers
// and the aliases; pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::domain {

struct CatalogueModel {
    std::string id{};         // "provider/model", or an alias
    std::string provider{};   // who serves it
    std::int64_t created = 0; // seconds since the Unix epoch, for the list's shape
};

struct Catalogue {
    std::vector<CatalogueModel> models{}; // by id
};

} // namespace tollgate::domain
