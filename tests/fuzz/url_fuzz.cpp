// Any text as the address of a provider or a block of addresses: what is read can be written and read again.
#include "domain/address_block.hpp"
#include "tollgate/base/check.hpp"
#include "tollgate/base/url.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace tollgate;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    static_cast<void>(domain::parse_block(text));
    const auto url = base::Url::parse(text);
    if (!url) return 0;
    TG_CHECK(!url->host.empty());
    // What stands in the request line and the Host field must not be able to end them.
    for (const std::string_view part : {std::string_view(url->host), std::string_view(url->path)}) {
        for (const char byte : part) TG_CHECK(static_cast<unsigned char>(byte) > 0x20 && byte != 0x7f);
    }
    const std::string written = to_string(*url);
    const auto again = base::Url::parse(written);
    TG_CHECK(again.has_value() && to_string(*again) == written);
    return 0;
}
