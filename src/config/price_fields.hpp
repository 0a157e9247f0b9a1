// The fields of each model in a price list, as text: numbers keep the digits they are written with.
#pragma once

#include "tollgate/base/error.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::config {

enum class FieldKind { number, text, null, other };

struct Field {
    FieldKind kind = FieldKind::other;
    std::string text{};
};

using Fields = std::map<std::string, Field, std::less<>>;

struct NamedFields {
    std::string key{};
    Fields fields{};
    bool is_object = false;
};

/// The members of a JSON object in their order; a key that comes twice stands twice. Nested values are
/// `other`. Error: invalid_configuration.
base::Result<std::vector<NamedFields>> parse_fields(std::string_view json);

} // namespace tollgate::config
