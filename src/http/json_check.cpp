#include "tollgate/http/json_check.hpp"

#include "tollgate/http/json_scanner.hpp"

#include <simdjson.h>

#include <string>

namespace tollgate::http {

namespace {

constexpr int depth_limit = 1024; // a bound for the recursion

bool is_named(const JsonScanner::Text& name, std::string_view wanted) {
    if (!name.has_escapes) return name.raw == wanted;
    std::string text;
    name.append_to(text);
    return text == wanted;
}

} // namespace

bool is_json_object(std::string_view body) {
    return check_json_object(body, {}).is_object;
}

CheckedObject check_json_object(std::string_view body, std::string_view wanted) {
    CheckedObject checked;
    JsonScanner scanner(body);
    scanner.skip_blanks();
    const bool is_object = scanner.take_object([&](const JsonScanner::Text& name) {
        const char* const begin = scanner.position();
        if (!scanner.take_value(depth_limit - 1)) return false;
        if (is_named(name, wanted)) checked.member = std::string_view(begin, scanner.position());
        return true;
    });
    scanner.skip_blanks();
    checked.is_object = is_object && scanner.is_at_end() &&
                        (scanner.is_ascii() || simdjson::validate_utf8(body.data(), body.size()));
    return checked;
}

} // namespace tollgate::http
