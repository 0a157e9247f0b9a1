// What can go wrong, as a value. Every fallible function returns Result<T>; http/error_response.hpp holds the
// one table that maps an Error to a status and a body.
#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tollgate::base {

/// The closed list of reasons. The name of an enumerator is the `reason` of the error body and the log field.
enum class ErrorCode {
    // 400
    malformed_request,    // the bytes are not an HTTP/1.1 request that every parser reads alike
    malformed_json,       // the body is not strict JSON
    missing_field,        // a field that the call needs is absent
    invalid_field,        // a field has the wrong type or range
    ambiguous_credential, // two different keys in one request
    unpriced_model,       // a key with a budget asks for a model without a price
    // 401
    missing_key,
    invalid_key,
    revoked_key,
    disabled_key,
    missing_session, // the management API without a cookie
    invalid_session, // it has ended
    invalid_login,   // no such account, or not its password
    // 402
    budget_exceeded,
    wallet_empty,
    // 403
    expired_key,
    account_disabled,
    model_not_allowed,
    address_not_allowed,
    admin_required,
    cross_origin,        // a page of another site sent the request
    registration_closed, // accounts.registration does not let strangers in
    invalid_token,       // of an invitation or a password reset: unknown, used or too old
    // 404, 405, 408, 409, 411, 413, 415, 417, 431, 501, 505
    unknown_path,
    unknown_model,
    method_not_allowed,
    request_timeout,
    conflict,
    length_required,
    request_too_large,
    unsupported_media_type,
    expectation_failed,
    head_too_large,
    not_implemented,
    version_not_supported,
    // 429
    requests_per_minute,
    tokens_per_minute,
    concurrency,
    budget_reserved, // money is set aside by calls in flight and may come free
    too_many_attempts,
    // 500
    internal,
    // 502
    all_providers_failed,
    invalid_response,
    // 503
    no_provider,
    storage_unavailable,
    overloaded,
    draining,
    // 504
    connect_timeout,
    first_byte_timeout,
    idle_timeout,
    total_timeout,
    // not answered: the peer is gone or the work was called off
    client_gone,
    connection_closed,
    cancelled,
    // start-up and command line
    invalid_configuration,
    not_found,
    already_exists,
};

std::string_view to_string(ErrorCode code);

/// Whose fault it is.
enum class ErrorSource { client, upstream, storage, internal };

/// May the same thing be tried again, by us, at once?
enum class Retry { no, maybe };

struct Error {
    ErrorCode code = ErrorCode::internal;
    ErrorSource source = ErrorSource::internal;
    Retry retry = Retry::no;
    std::string message{};                                  // for the caller: what happened and what to do
    std::string param{};                                    // the field at fault, empty for none
    std::optional<std::chrono::milliseconds> retry_after{}; // when a repeat may succeed
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(Error error) {
    return std::unexpected<Error>(std::move(error));
}

inline std::unexpected<Error> fail(ErrorCode code, ErrorSource source, std::string message) {
    return fail(Error{.code = code, .source = source, .message = std::move(message)});
}

/// The caller's fault; `param` names the field.
inline std::unexpected<Error> reject(ErrorCode code, std::string message, std::string param = {}) {
    return fail(Error{.code = code,
                      .source = ErrorSource::client,
                      .message = std::move(message),
                      .param = std::move(param)});
}

} // namespace tollgate::base
