#include "tollgate/http/json_check.hpp"

#include <simdjson.h>

namespace tollgate::http {

bool is_json_object(std::string_view body) {
    thread_local simdjson::dom::parser parser;
    simdjson::dom::element element;
    const bool copies = true; // into padded memory, which the body is not in
    if (parser.parse(body.data(), body.size(), copies).get(element) != simdjson::SUCCESS) return false;
    return element.is_object();
}

} // namespace tollgate::http
