#include "tollgate/upstream/request.hpp"

#include "tollgate/http/header_rules.hpp"

namespace tollgate::upstream {

namespace {

void append_crossing(const http::Fields& client_fields, http::HeadText& head) {
    http::FieldNames seen;
    for (const http::Field& field : client_fields) {
        if (!http::may_go_upstream(field.known)) continue;
        const bool is_first = !seen.has(field.known);
        seen.add(field.known);
        if (!is_first && !http::may_repeat(field.known)) continue;
        if (http::is_nominated(client_fields, field.name)) continue;
        head.append(field.name);
        head.append(": ");
        head.append(field.value);
        head.append("\r\n");
    }
}

} // namespace

http::HeadText build_request_head(const Provider& provider, const RequestTarget& target,
                                  const http::Fields& client_fields) {
    http::HeadText head;
    head.append("POST ");
    head.append(provider.base_path);
    head.append(target.path);
    head.append(" HTTP/1.1\r\nhost: ");
    head.append(provider.host_field);
    head.append("\r\n");
    const base::Secret& key = provider.keys[target.credential];
    if (!key.empty()) {
        head.append("authorization: Bearer ");
        head.append(key.expose());
        head.append("\r\n");
    }
    if (!provider.keep_alive) head.append("connection: close\r\n");
    // A body that was compressed for the client could not be metered.
    head.append("accept-encoding: identity\r\n");
    append_crossing(client_fields, head);
    head.append("content-length: ");
    head.append(static_cast<std::int64_t>(target.body_length));
    head.append("\r\n\r\n");
    return head;
}

} // namespace tollgate::upstream
