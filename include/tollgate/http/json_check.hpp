// Is a body what its sender says? For answers of providers, which are passed on as they are: only their form
// matters.
#pragma once

#include <string_view>

namespace tollgate::http {

/// True for one whole JSON object in UTF-8 with nothing but blanks around it. Any thread; each keeps a parser
/// of its own.
bool is_json_object(std::string_view body);

} // namespace tollgate::http
