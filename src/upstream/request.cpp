#include "tollgate/upstream/request.hpp"

#include "tollgate/http/header_rules.hpp"

namespace tollgate::upstream {

std::string build_request_head(const Provider& provider, const RequestTarget& target,
                               const http::Fields& client_fields) {
    std::string head;
    head.reserve(512);
    head.append("POST ")
        .append(provider.base_path)
        .append(target.path)
        .append(" HTTP/1.1\r\nhost: ")
        .append(provider.host_field);
    head.append("\r\n");
    if (!provider.keys[target.credential].empty()) {
        head.append("authorization: Bearer ")
            .append(provider.keys[target.credential].expose())
            .append("\r\n");
    }
    if (!provider.keep_alive) head.append("connection: close\r\n");
    // A body that was compressed for the client could not be metered.
    head.append("accept-encoding: identity\r\n");
    for (const http::Field& field : client_fields) {
        if (!http::may_go_upstream(field.name)) continue;
        const bool is_first = client_fields.find(field.name).data() == field.value.data();
        const bool crosses =
            (is_first || http::may_repeat(field.name)) && !http::is_nominated(client_fields, field.name);
        if (crosses) head.append(field.name).append(": ").append(field.value).append("\r\n");
    }
    head.append("content-length: ").append(std::to_string(target.body_length)).append("\r\n\r\n");
    return head;
}

} // namespace tollgate::upstream
