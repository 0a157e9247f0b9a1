// Keys as people and scripts see them. The JSON names are those of the management API.
#pragma once

#include "tollgate/domain/key.hpp"
#include "tollgate/ports/accounts.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <ostream>
#include <string>
#include <vector>

namespace tollgate::app {

/// What a key's row does not hold.
struct KeyView {
    std::map<base::AccountId, std::string> emails{};
    std::string currency{};
    base::WallTime now{};

    std::string email_of(const domain::ApiKey& key) const;
};

nlohmann::ordered_json to_json(const domain::ApiKey& key, const KeyView& view);
void print_keys(std::ostream& out, const std::vector<domain::ApiKey>& keys, const KeyView& view);
void print_key(std::ostream& out, const domain::ApiKey& key, const KeyView& view);

} // namespace tollgate::app
