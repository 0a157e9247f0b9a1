#include "app/front.hpp"

#include "tollgate/http/error_response.hpp"
#include "tollgate/http/exchange.hpp"
#include "tollgate/telemetry/access_log.hpp"

#include <string>

namespace tollgate::app {

runtime::Task<> Front::serve(http::Exchange& exchange) {
    const std::string_view path = exchange.head().path;
    if (path.starts_with("/v1/")) co_return co_await gateway_.serve(exchange);
    if (Health::serves(path)) co_return co_await health_.serve(exchange);
    const base::Error error{.code = base::ErrorCode::unknown_path,
                            .source = base::ErrorSource::client,
                            .message = "there is nothing at " + std::string(path) + "; the API is below /v1"};
    const std::string body = http::error_body(error);
    const auto sent =
        co_await exchange.responder().send(http::status_of(error.code), "application/json", body);
    static_cast<void>(sent); // a client that has left needs no answer
    telemetry::AccessEntry entry;
    entry.request_id = exchange.id().text();
    entry.client_address = exchange.peer_address();
    entry.method = exchange.head().method;
    entry.path = path;
    entry.status = http::status_of(error.code);
    entry.reason = base::to_string(error.code);
    entry.bytes_out = exchange.responder().bytes_sent();
    telemetry::log_access(entry);
}

} // namespace tollgate::app
