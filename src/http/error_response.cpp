#include "tollgate/http/error_response.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace tollgate::http {

using base::ErrorCode;

// style(function-size): a table with a line for each code
int status_of(ErrorCode code) {
    switch (code) {
    case ErrorCode::malformed_request:
    case ErrorCode::malformed_json:
    case ErrorCode::missing_field:
    case ErrorCode::invalid_field:
    case ErrorCode::ambiguous_credential:
    case ErrorCode::unpriced_model: return 400;
    case ErrorCode::missing_key:
    case ErrorCode::invalid_key:
    case ErrorCode::revoked_key:
    case ErrorCode::disabled_key:
    case ErrorCode::missing_session:
    case ErrorCode::invalid_session:
    case ErrorCode::invalid_login: return 401;
    case ErrorCode::budget_exceeded:
    case ErrorCode::wallet_empty: return 402;
    case ErrorCode::expired_key:
    case ErrorCode::account_disabled:
    case ErrorCode::model_not_allowed:
    case ErrorCode::address_not_allowed:
    case ErrorCode::admin_required:
    case ErrorCode::cross_origin:
    case ErrorCode::registration_closed:
    case ErrorCode::invalid_token: return 403;
    case ErrorCode::unknown_path:
    case ErrorCode::unknown_model:
    case ErrorCode::not_found: return 404;
    case ErrorCode::method_not_allowed: return 405;
    case ErrorCode::request_timeout: return 408;
    case ErrorCode::conflict:
    case ErrorCode::already_exists: return 409;
    case ErrorCode::length_required: return 411;
    case ErrorCode::request_too_large: return 413;
    case ErrorCode::unsupported_media_type: return 415;
    case ErrorCode::expectation_failed: return 417;
    case ErrorCode::requests_per_minute:
    case ErrorCode::tokens_per_minute:
    case ErrorCode::concurrency:
    case ErrorCode::budget_reserved:
    case ErrorCode::too_many_attempts: return 429;
    case ErrorCode::head_too_large: return 431;
    case ErrorCode::internal:
    case ErrorCode::cancelled:
    case ErrorCode::client_gone:
    case ErrorCode::invalid_configuration: return 500;
    case ErrorCode::not_implemented: return 501;
    case ErrorCode::all_providers_failed:
    case ErrorCode::connection_closed:
    case ErrorCode::invalid_response: return 502;
    case ErrorCode::no_provider:
    case ErrorCode::storage_unavailable:
    case ErrorCode::overloaded:
    case ErrorCode::draining: return 503;
    case ErrorCode::connect_timeout:
    case ErrorCode::first_byte_timeout:
    case ErrorCode::idle_timeout:
    case ErrorCode::total_timeout: return 504;
    case ErrorCode::version_not_supported: return 505;
    }
    return 500;
}

std::string_view type_of(ErrorCode code) {
    switch (status_of(code)) {
    case 401: return "authentication_error";
    case 402: return "insufficient_funds";
    case 403: return "forbidden";
    case 404: return "not_found_error";
    case 413: return "request_too_large";
    case 429: return "rate_limit_error";
    case 500: return "internal_server_error";
    case 502: return "upstream_error";
    case 503: return "service_unavailable";
    case 504: return "gateway_timeout";
    default: return "invalid_request_error";
    }
}

std::string error_body(const base::Error& error) {
    nlohmann::ordered_json fields;
    fields["message"] = error.message.empty() ? reason_phrase(status_of(error.code)) : error.message;
    fields["type"] = type_of(error.code);
    fields["param"] = nullptr;
    if (!error.param.empty()) fields["param"] = error.param;
    fields["code"] = status_of(error.code);
    fields["reason"] = to_string(error.code);
    nlohmann::ordered_json body;
    body["error"] = std::move(fields);
    return body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string error_event(const base::Error& error) {
    return "data: " + error_body(error) + "\n\n";
}

std::optional<int> retry_after_seconds(const base::Error& error) {
    if (!error.retry_after) return std::nullopt;
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*error.retry_after).count();
    return static_cast<int>(std::clamp<decltype(seconds)>(seconds, 1, 60));
}

std::string_view reason_phrase(int status) {
    switch (status) {
    case 100: return "Continue";
    case 101: return "Switching Protocols";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 203: return "Non-Authoritative Information";
    case 204: return "No Content";
    case 205: return "Reset Content";
    case 206: return "Partial Content";
    case 300: return "Multiple Choices";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 305: return "Use Proxy";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 402: return "Payment Required";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 407: return "Proxy Authentication Required";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 426: return "Upgrade Required";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    case 511: return "Network Authentication Required";
    default: return "Unknown";
    }
}

} // namespace tollgate::http
