// Any bytes as a price list and as overrides: no crash, and every price that comes out can be charged.
#include "tollgate/base/check.hpp"
#include "tollgate/config/price_file.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace tollgate;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    // A zero byte, which JSON never holds, parts the list from the overrides.
    const auto cut = text.find('\0');
    const auto list = text.substr(0, cut);
    const auto overrides = cut == std::string_view::npos ? std::string_view("{}") : text.substr(cut + 1);
    const auto prices = config::read_prices(list, overrides);
    if (!prices) return 0;
    TG_CHECK(prices->priced <= prices->models);
    for (const auto& entry : prices->book.entries()) {
        const auto* found = prices->book.find(entry.provider, entry.model);
        TG_CHECK(found == &entry.price);
        const auto charged =
            domain::cost(entry.price, {.input = 3, .output = 5, .images = 1}, domain::Terms());
        TG_CHECK(charged.has_value() == entry.price.is_priced());
        std::uint64_t above = 0;
        for (const auto& tier : entry.price.tiers) {
            TG_CHECK(&tier == &entry.price.tiers.front() || tier.above > above);
            above = tier.above;
        }
    }
    return 0;
}
