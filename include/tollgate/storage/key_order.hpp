// The order of a list of keys, and where a page of it begins, in SQL that every engine understands: api_keys
// is named k in it, key_totals t. Pure.
#pragma once

#include "tollgate/ports/key_store.hpp"

#include <string>
#include <string_view>

namespace tollgate::storage {

/// What joins the totals to the keys; empty where the order does not need them.
std::string_view totals_join(ports::KeySort sort);

/// Behind the key whose id is the parameter `after`: " AND (…) < (SELECT …)".
std::string page_condition(const ports::KeyFilter& filter, std::string_view after);

/// " ORDER BY …"
std::string order_clause(const ports::KeyFilter& filter);

} // namespace tollgate::storage
