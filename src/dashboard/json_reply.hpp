// Answers as JSON: values of ours in their one written form. Amounts are decimal strings, times RFC 3339.
// Pure.
#pragma once

#include "tollgate/base/ids.hpp"
#include "tollgate/base/money.hpp"
#include "tollgate/base/time.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace tollgate::dashboard {

using Json = nlohmann::ordered_json;

inline Json to_json(base::WallTime time) {
    return base::to_rfc3339(time);
}

inline Json to_json(base::Money money) {
    return base::to_string(money);
}

inline Json or_null(const std::optional<base::WallTime>& time) {
    return time ? to_json(*time) : Json();
}

inline Json or_null(const std::optional<base::Money>& money) {
    return money ? to_json(*money) : Json();
}

template <class Number>
Json or_null(const std::optional<Number>& number) {
    return number ? Json(*number) : Json();
}

/// An amount as a JSON number; what is printed of it is the decimal that went in.
inline Json to_number(base::Money money) {
    return Json::parse(base::to_string(money));
}

/// What is not UTF-8 becomes U+FFFD.
inline std::string dump(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace tollgate::dashboard
