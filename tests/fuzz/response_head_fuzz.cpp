// Any bytes as a provider's response head: refused as invalid_response, or with one framing and views inside.
#include "fuzz/fuzz_input.hpp"
#include "tollgate/base/check.hpp"
#include "tollgate/http/head.hpp"

namespace tollgate::http {

namespace {

void check_head(std::string_view bytes, std::string_view method) {
    const auto head = parse_response_head(bytes, method, HeadLimits{});
    if (!head) {
        TG_CHECK(head.error().code == base::ErrorCode::invalid_response);
        TG_CHECK(head.error().source == base::ErrorSource::upstream);
        return;
    }
    TG_CHECK(head->status >= 100 && head->status <= 599 && head->status != 101);
    for (const Field& field : head->fields) {
        TG_CHECK(field.name.data() >= bytes.data());
        TG_CHECK(field.value.data() + field.value.size() <= bytes.data() + bytes.size());
        TG_CHECK(field.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos);
    }
    const bool is_bare = method == "HEAD" || head->status < 200 || head->status == 204 || head->status == 304;
    TG_CHECK((head->framing.kind == Framing::Kind::none) == is_bare);
    TG_CHECK(head->framing.kind != Framing::Kind::until_close || !head->keep_alive);
    TG_CHECK(head->fields.count("content-length") + head->fields.count("transfer-encoding") <= 1);
}

} // namespace

} // namespace tollgate::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    tollgate::fuzz::Input input(data, size);
    const std::string_view method = input.take_byte() % 4 == 0 ? "HEAD" : "POST";
    tollgate::http::check_head(input.rest(), method);
    return 0;
}
