#include "gateway/refusal.hpp"

#include <algorithm>
#include <chrono>

namespace tollgate::gateway {

namespace {

using base::ErrorCode;

std::string seconds_text(std::chrono::milliseconds time) {
    return std::to_string(std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(time).count())) +
           " s";
}

/// "limit 100 INR, spent 99.5, reserved 0.25, starts again in 3600 s"
std::string money_text(const domain::QuotaNumbers& numbers, std::string_view currency) {
    std::string text =
        "limit " + to_string(numbers.budget.value_or(base::Money())) + " " + std::string(currency);
    text += ", spent " + to_string(numbers.spent) + ", reserved by calls in flight " +
            to_string(numbers.reserved);
    if (numbers.budget_resets_in.count() > 0)
        text += ", starts again in " + std::to_string(numbers.budget_resets_in.count()) + " s";
    return text;
}

std::string token_text(const domain::Refusal& refusal) {
    std::string text = "token limit reached: this key may use " +
                       std::to_string(refusal.numbers.tokens_limit.value_or(0)) + " tokens in any 60 seconds";
    if (refusal.detail == "call") return text + "; this call alone is larger than that";
    return text + "; there is room again in " + seconds_text(refusal.retry_after);
}

std::string sentence(const domain::Refusal& refusal, std::string_view currency) {
    const domain::QuotaNumbers& numbers = refusal.numbers;
    switch (refusal.reason) {
    case ErrorCode::requests_per_minute:
        return "rate limit reached: this key may make " + std::to_string(numbers.requests_limit) +
               " requests in any 60 seconds; the next place is free in " + seconds_text(refusal.retry_after);
    case ErrorCode::tokens_per_minute: return token_text(refusal);
    case ErrorCode::concurrency:
        return "too many calls at once for this " +
               (refusal.detail.empty() ? std::string("account") : refusal.detail) +
               "; repeat the call when another one has ended";
    case ErrorCode::budget_exceeded:
        return "the budget of this key is used up: " + money_text(numbers, currency);
    case ErrorCode::wallet_empty:
        return "the wallet of this account does not cover the call: " + money_text(numbers, currency);
    case ErrorCode::budget_reserved:
        return "the money that is left is set aside by calls in flight and may come free: " +
               money_text(numbers, currency) + "; repeat the call in a moment";
    default: return std::string(base::to_string(refusal.reason));
    }
}

} // namespace

base::Error describe(const domain::Refusal& refusal, std::string_view currency) {
    base::Error error{
        .code = refusal.reason, .source = base::ErrorSource::client, .message = sentence(refusal, currency)};
    const bool worth_repeating =
        refusal.reason != ErrorCode::budget_exceeded && refusal.reason != ErrorCode::wallet_empty;
    if (worth_repeating) error.retry_after = std::max(refusal.retry_after, std::chrono::milliseconds(1));
    return error;
}

} // namespace tollgate::gateway
