#include "app/front.hpp"

#include "tollgate/http/exchange.hpp"

namespace tollgate::app {

runtime::Task<> Front::serve(http::Exchange& exchange) {
    const std::string_view path = exchange.head().path;
    if (path.starts_with("/v1/")) return gateway_.serve(exchange);
    if (Health::serves(path)) return health_.serve(exchange);
    return dashboard_.serve(exchange);
}

} // namespace tollgate::app
