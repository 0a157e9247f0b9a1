// Prices and terms that the tests of pricing share.
#pragma once

#include "tollgate/domain/price.hpp"

namespace tollgate::domain::samples {

inline Rate rate(std::string_view text) {
    return Rate::parse(text).value();
}

inline Terms terms(std::string_view usd_rate, std::string_view buffer, std::string_view markup) {
    const auto decimal = [](std::string_view text) { return base::Decimal::parse(text).value(); };
    return Terms::of(decimal(usd_rate), decimal(buffer), decimal(markup)).value();
}

inline ModelPrice gpt_4o() {
    return {.base = {.input = rate("2.5e-06"), .cached_input = rate("1.25e-06"), .output = rate("1e-05")}};
}

inline ModelPrice gpt_4o_mini() {
    return {.base = {.input = rate("1.5e-07"), .cached_input = rate("7.5e-08"), .output = rate("6e-07")}};
}

inline ModelPrice gpt_4o_audio() {
    return {.base = {.input = rate("2.5e-06"),
                     .output = rate("1e-05"),
                     .audio_input = rate("4e-05"),
                     .audio_output = rate("8e-05")}};
}

inline ModelPrice o3() {
    return {.base = {.input = rate("2e-06"), .cached_input = rate("5e-07"), .output = rate("8e-06")}};
}

inline ModelPrice claude_sonnet() {
    return {.base = {.input = rate("3e-06"),
                     .cached_input = rate("3e-07"),
                     .cache_write = rate("3.75e-06"),
                     .output = rate("1.5e-05")},
            .tiers = {{200000,
                       {.input = rate("6e-06"),
                        .cached_input = rate("6e-07"),
                        .cache_write = rate("7.5e-06"),
                        .output = rate("2.25e-05")}}}};
}

inline ModelPrice gemini_pro() {
    return {.base = {.input = rate("1.25e-06"), .cached_input = rate("1.25e-07"), .output = rate("1e-05")},
            .tiers = {{200000, {.input = rate("2.5e-06"), .output = rate("1.5e-05")}}}};
}

inline ModelPrice gemini_flash() {
    return {.base = {.input = rate("3e-07"),
                     .cached_input = rate("3e-08"),
                     .output = rate("2.5e-06"),
                     .audio_input = rate("1e-06")}};
}

inline ModelPrice deepseek() {
    return {.base = {.input = rate("2.8e-07"), .cached_input = rate("2.8e-08"), .output = rate("4.2e-07")}};
}

inline ModelPrice mistral() {
    return {.base = {.input = rate("4e-07"), .output = rate("2e-06")}};
}

inline ModelPrice embedding_small() {
    return {.base = {.input = rate("2e-08")}};
}

inline ModelPrice per_request() {
    return {.base = {.input = rate("1e-06"), .output = rate("1e-06"), .request = rate("0.005")}};
}

inline ModelPrice dall_e() {
    return {.base = {.image = rate("0.04")}};
}

inline ModelPrice half_micro() {
    return {.base = {.input = rate("5e-07"), .output = rate("5e-07")}};
}

inline ModelPrice finest() {
    return {.base = {.input = rate("1e-15")}};
}

inline ModelPrice three_tiers() {
    return {.base = {.input = rate("1e-06"), .output = rate("2e-06")},
            .tiers = {{32000, {.input = rate("2e-06"), .output = rate("4e-06")}},
                      {128000, {.input = rate("3e-06")}},
                      {256000, {.output = rate("9e-06")}}}};
}

inline Terms plain() {
    return terms("1", "0", "0");
}

inline Terms inr() {
    return terms("88.00", "0.05", "0.05");
}

inline Terms inr_exact_rate() {
    return terms("88.4537", "0.05", "0.05");
}

inline Terms inr_no_markup() {
    return terms("88", "0.05", "0");
}

inline Terms inr_odd() {
    return terms("83.123456", "0.0375", "0.0625");
}

inline Terms inr_80() {
    return terms("80", "0.05", "0.05");
}

} // namespace tollgate::domain::samples
