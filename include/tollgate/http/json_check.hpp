// Is a body what its sender says? For answers of providers, which are passed on as they are: only their form
// matters.
#pragma once

#include <string_view>

namespace tollgate::http {

/// True for one whole JSON object in UTF-8 with nothing but blanks around it.
bool is_json_object(std::string_view body);

/// The same in one reading with where a member stands.
struct CheckedObject {
    bool is_object = false;
    std::string_view member{}; // the value of the last member of the wanted name, as it is written, or empty
};
CheckedObject check_json_object(std::string_view body, std::string_view wanted);

} // namespace tollgate::http
