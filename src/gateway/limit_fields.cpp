#include "gateway/limit_fields.hpp"

#include "tollgate/base/digits.hpp"
#include "tollgate/http/error_response.hpp"

#include <algorithm>
#include <array>

namespace tollgate::gateway {

namespace {

std::int64_t whole_seconds(std::chrono::milliseconds time) {
    return std::chrono::ceil<std::chrono::seconds>(time).count();
}

} // namespace

std::string reset_text(std::chrono::milliseconds time) {
    const auto total = static_cast<std::uint64_t>(std::max<std::int64_t>(0, time.count()));
    std::array<char, 2 * base::longest_number + 2> text{};
    const auto put = [](char* at, std::uint64_t number, std::string_view unit) {
        return std::ranges::copy(unit, base::write_number(at, number)).out;
    };
    char* const begin = text.data();
    if (total < 1'000) return {begin, put(begin, total, "ms")};
    const std::uint64_t seconds = (total + 999) / 1'000;
    if (seconds < 60) return {begin, put(begin, seconds, "s")};
    return {begin, put(put(begin, seconds / 60, "m"), seconds % 60, "s")};
}

void add_limit_fields(http::Responder& responder, const domain::QuotaNumbers& numbers) {
    responder.add_field("x-ratelimit-limit", numbers.requests_limit);
    responder.add_field("x-ratelimit-remaining", numbers.requests_remaining);
    responder.add_field("x-ratelimit-reset", whole_seconds(numbers.requests_reset));
    responder.add_field("x-ratelimit-limit-requests", numbers.requests_limit);
    responder.add_field("x-ratelimit-remaining-requests", numbers.requests_remaining);
    responder.add_field("x-ratelimit-reset-requests", reset_text(numbers.requests_reset));
    if (numbers.tokens_limit) {
        responder.add_field("x-ratelimit-limit-tokens", static_cast<std::int64_t>(*numbers.tokens_limit));
        responder.add_field("x-ratelimit-remaining-tokens",
                            static_cast<std::int64_t>(numbers.tokens_remaining));
        responder.add_field("x-ratelimit-reset-tokens", reset_text(numbers.tokens_reset));
    }
    if (numbers.budget) {
        responder.add_field("x-tollgate-budget", *numbers.budget);
        responder.add_field("x-tollgate-spent", numbers.spent);
        responder.add_field("x-tollgate-reserved", numbers.reserved);
    }
}

void add_retry_fields(http::Responder& responder, const base::Error& error) {
    const int status = http::status_of(error.code);
    if (status == 402) responder.add_field("x-should-retry", "false");
    if (status != 429 && status != 503) return;
    const auto seconds = http::retry_after_seconds(error);
    responder.add_field("retry-after", seconds.value_or(1));
    const std::chrono::milliseconds exact = error.retry_after.value_or(std::chrono::seconds(1));
    // Beyond a minute the SDKs fall back to their own pace: the two fields must not contradict each other.
    responder.add_field("retry-after-ms", std::clamp<std::int64_t>(exact.count(), 1, 60'000));
}

} // namespace tollgate::gateway
