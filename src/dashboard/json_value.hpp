// A request's body as strict JSON: UTF-8, bounded depth, no name twice; numbers keep the text they were
// written with, so that an amount never passes through floating point. Pure.
#pragma once

#include "tollgate/base/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::dashboard {

enum class JsonKind { null, boolean, number, text, array, object };

struct JsonValue {
    JsonKind kind = JsonKind::null;
    bool truth = false;               // of a boolean
    std::string text{};               // of a text; of a number: as it was written
    std::vector<std::string> names{}; // of an object's members, in the order of `items`
    std::vector<JsonValue> items{};   // of an array or an object

    const JsonValue* find(std::string_view name) const;
};

/// The body of a call: one object; an empty body stands for {}. Error: malformed_json.
base::Result<JsonValue> parse_body(std::string_view body);

} // namespace tollgate::dashboard
