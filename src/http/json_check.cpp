#include "tollgate/http/json_check.hpp"

#include "http/json_scalars.hpp"
#include "http/json_scanner.hpp"

#include <simdjson.h>

#include <string>

namespace tollgate::http {

namespace {

constexpr int depth_limit = 1024; // a bound for the recursion

bool is_named(const JsonScanner::Text& name, std::string_view wanted) {
    if (!name.has_escapes) return name.raw == wanted;
    std::string text;
    return unescape(name.raw, text) && text == wanted;
}

bool take_member(JsonScanner& scanner, std::string_view wanted, std::string_view& found) {
    JsonScanner::Text name;
    scanner.skip_blanks();
    if (!scanner.take_text(name)) return false;
    scanner.skip_blanks();
    if (!scanner.take(':')) return false;
    scanner.skip_blanks();
    const char* const begin = scanner.position();
    if (!scanner.take_value(depth_limit - 1)) return false;
    if (is_named(name, wanted)) found = std::string_view(begin, scanner.position());
    scanner.skip_blanks();
    return true;
}

bool take_object(JsonScanner& scanner, std::string_view wanted, std::string_view& found) {
    if (!scanner.take('{')) return false;
    scanner.skip_blanks();
    if (scanner.take('}')) return true;
    for (;;) {
        if (!take_member(scanner, wanted, found)) return false;
        if (scanner.take('}')) return true;
        if (!scanner.take(',')) return false;
    }
}

} // namespace

bool is_json_object(std::string_view body) {
    return check_json_object(body, {}).is_object;
}

CheckedObject check_json_object(std::string_view body, std::string_view wanted) {
    CheckedObject checked;
    JsonScanner scanner(body);
    scanner.skip_blanks();
    if (!take_object(scanner, wanted, checked.member)) return checked;
    scanner.skip_blanks();
    checked.is_object = scanner.is_at_end() && simdjson::validate_utf8(body.data(), body.size());
    return checked;
}

} // namespace tollgate::http
