#include "tollgate/domain/price_sheet.hpp"

namespace tollgate::domain {

namespace {

constexpr std::uint64_t million = 1'000'000;

struct Kind {
    std::string_view name{};
    std::optional<Rate> Rates::* rate = nullptr;
    std::uint64_t units = million;
};

constexpr Kind kinds[] = {
    {"input", &Rates::input},
    {"cached_input", &Rates::cached_input},
    {"cache_write", &Rates::cache_write},
    {"output", &Rates::output},
    {"audio_input", &Rates::audio_input},
    {"audio_output", &Rates::audio_output},
    {"image", &Rates::image, 1},
    {"request", &Rates::request, 1},
};

/// The rate for so many units; a million of 1e-15 dollars are a unit of 1e-9.
std::string dollars_for(Rate rate, std::uint64_t units) {
    if (units == 1) return to_string(rate);
    std::int64_t digits = static_cast<std::int64_t>(rate.femtodollars());
    int scale = Rate::decimals - 6;
    for (; scale > 0 && digits % 10 == 0; --scale) digits /= 10;
    return base::to_string(base::Decimal{digits, scale});
}

} // namespace

std::vector<PricePoint> price_points(const ModelPrice& price, const Terms& terms) {
    std::vector<PricePoint> points;
    const auto add_all = [&](const Rates& rates, std::uint64_t above) {
        for (const auto& kind : kinds) {
            const auto rate = rates.*kind.rate;
            if (!rate) continue;
            // The biller's own function, so that what is shown is what is charged.
            const auto charged = charge({.input = *rate}, {.input = kind.units}, terms);
            points.push_back({.kind = kind.name,
                              .above = above,
                              .units = kind.units,
                              .dollars = dollars_for(*rate, kind.units),
                              .charged = charged.value_or(base::Money::maximum())});
        }
    };
    add_all(price.base, 0);
    for (const auto& tier : price.tiers) add_all(tier.rates, tier.above);
    return points;
}

} // namespace tollgate::domain
