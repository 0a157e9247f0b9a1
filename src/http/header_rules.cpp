#include "tollgate/http/header_rules.hpp"

#include "http/characters.hpp"

namespace tollgate::http {

bool is_nominated(const Fields& fields, std::string_view name) {
    if (!fields.has(FieldName::connection)) return false;
    bool found = false;
    for (const Field& field : fields) {
        if (field.known != FieldName::connection) continue;
        for_each_element(field.value, [&found, name](std::string_view element) {
            found |= equals_ignoring_case(element, name);
        });
    }
    return found;
}

} // namespace tollgate::http
