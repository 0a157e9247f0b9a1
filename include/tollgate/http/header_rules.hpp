// Which header fields cross the gateway, in each direction: two allow-lists (contract §3). Everything else
// stays here.
#pragma once

#include "tollgate/http/head.hpp"

#include <string_view>

namespace tollgate::http {

/// May this client field go to the provider? Never credentials, cookies, hop-by-hop or framing fields.
constexpr bool may_go_upstream(FieldName name) {
    using enum FieldName;
    constexpr FieldNames names(accept, content_type, user_agent, openai_beta, anthropic_version,
                               anthropic_beta, idempotency_key, traceparent, tracestate, accept_language);
    return names.has(name);
}

/// Is this field a list, so that several of its name are one (RFC 9110 §5.3)? Of others only the first goes
/// upstream.
constexpr bool may_repeat(FieldName name) {
    using enum FieldName;
    constexpr FieldNames names(accept, accept_language, openai_beta, anthropic_beta, tracestate);
    return names.has(name);
}

/// May this provider field go to the client under its own name? content-type, retry-after, retry-after-ms,
/// x-should-retry, openai-processing-ms, openai-version; never set-cookie, CORS, location, organisation or
/// account fields.
constexpr bool may_go_to_client(FieldName name) {
    using enum FieldName;
    constexpr FieldNames names(content_type, retry_after, retry_after_ms, x_should_retry,
                               openai_processing_ms, openai_version);
    return names.has(name);
}

/// Does a `Connection` field name this field, so that it ends at this hop (RFC 9110 §7.6.1)?
bool is_nominated(const Fields& fields, std::string_view name);

} // namespace tollgate::http
