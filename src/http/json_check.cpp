#include "tollgate/http/json_check.hpp"

#include "http/strict_json.hpp"

#include <simdjson.h>

namespace tollgate::http {

bool is_json_object(std::string_view body) {
    thread_local simdjson::dom::parser parser;
    simdjson::dom::element element;
    const bool copies = true; // into padded memory, which the body is not in
    const simdjson::error_code error = parser.parse(body.data(), body.size(), copies).get(element);
    // A number that no machine type holds is still one; the slower walk looks at its form alone.
    if (error == simdjson::NUMBER_ERROR) return StrictJson().read(body, {}) == JsonFault::none;
    return error == simdjson::SUCCESS && element.is_object();
}

} // namespace tollgate::http
