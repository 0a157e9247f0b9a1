// Any head as a request of the gateway: what it asks for is found without looking elsewhere, and what goes to
// a provider for it is one well-formed head, whatever the client's fields say.
#include "gateway/credential.hpp"
#include "gateway/operation.hpp"
#include "tollgate/base/check.hpp"
#include "tollgate/http/head.hpp"
#include "tollgate/upstream/request.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace tollgate;

namespace {

upstream::Provider make_provider() {
    upstream::Provider provider;
    provider.host_field = "provider.example";
    provider.base_path = "/v1";
    provider.keys.emplace_back(std::string("sk-own"));
    return provider;
}

void check_forwarded(const http::RequestHead& head) {
    static const upstream::Provider provider = make_provider();
    upstream::RequestTarget target;
    target.path = "/chat/completions";
    target.body_length = 7;
    const http::HeadText bytes = upstream::build_request_head(provider, target, head.fields);
    const auto read = http::parse_request_head(bytes.view(), {.bytes = 1U << 20U, .fields = 1000});
    TG_CHECK(read.has_value());
    TG_CHECK(read->target == "/v1/chat/completions" && read->method == "POST");
    TG_CHECK(read->framing.kind == http::Framing::Kind::length && read->framing.length == 7);
    TG_CHECK(read->fields.find("host") == "provider.example");
    TG_CHECK(read->fields.count("authorization") == 1);
    TG_CHECK(read->fields.find("authorization") == "Bearer sk-own");
    for (const std::string_view name : {"content-type", "user-agent", "idempotency-key", "traceparent"})
        TG_CHECK(read->fields.count(name) <= 1);
    for (const std::string_view name : {"cookie", "connection", "transfer-encoding", "x-api-key"})
        TG_CHECK(!read->fields.has(name));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto head = http::parse_request_head(bytes, http::HeadLimits{});
    if (!head) return 0;
    static_cast<void>(gateway::find_operation(*head));
    const auto key = gateway::find_credential(head->fields);
    TG_CHECK(!key || (key->starts_with("sk-") && key->size() == 67));
    check_forwarded(*head);
    return 0;
}
