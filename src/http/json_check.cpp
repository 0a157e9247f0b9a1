#include "tollgate/http/json_check.hpp"

#include "http/json_scanner.hpp"

#include <simdjson.h>

namespace tollgate::http {

namespace {

constexpr int depth_limit = 1024; // a bound for the recursion

} // namespace

bool is_json_object(std::string_view body) {
    JsonScanner scanner(body);
    scanner.skip_blanks();
    if (scanner.peek() != '{' || !scanner.take_value(depth_limit)) return false;
    scanner.skip_blanks();
    return scanner.is_at_end() && simdjson::validate_utf8(body.data(), body.size());
}

} // namespace tollgate::http
