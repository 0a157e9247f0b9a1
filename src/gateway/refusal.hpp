// A quota store's refusal in words: what limit, how much is used, when it is worth trying again (contract §3,
// §5). Pure.
#pragma once

#include "tollgate/domain/quota.hpp"

#include <string>
#include <string_view>

namespace tollgate::gateway {

base::Error describe(const domain::Refusal& refusal, std::string_view currency);

} // namespace tollgate::gateway
