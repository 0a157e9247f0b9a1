// Any bytes as what a stranger sends to the management API: a body, a query, a token. Nothing unsigned is a
// token, and what is read can be read again.
#include "dashboard/fields.hpp"
#include "dashboard/query.hpp"
#include "dashboard/token.hpp"
#include "tollgate/base/check.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

using namespace tollgate;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto body = dashboard::parse_body(text);
    if (body) {
        dashboard::Fields fields(*body);
        static_cast<void>(fields.nullable_money("budget"));
        static_cast<void>(fields.texts("models"));
        static_cast<void>(fields.text_map("metadata"));
        const auto done = fields.finish();
        TG_CHECK(done.has_value() || !done.error().param.empty());
    }
    auto query = dashboard::Query::parse(text);
    if (query) static_cast<void>(query->text("search"));
    static const std::vector<base::Secret> secrets{base::Secret("the secret of this fuzz target, 32 b")};
    TG_CHECK(!dashboard::verify_token(text, secrets, base::WallTime()).has_value());
    return 0;
}
