#include "app/front.hpp"

#include "tollgate/http/exchange.hpp"

namespace tollgate::app {

runtime::Task<> Front::serve(http::Exchange& exchange) {
    const std::string_view path = exchange.head().path;
    if (path.starts_with("/v1/")) co_return co_await gateway_.serve(exchange);
    if (Health::serves(path)) co_return co_await health_.serve(exchange);
    co_await dashboard_.serve(exchange);
}

} // namespace tollgate::app
