#include "gateway/admit.hpp"

#include "tollgate/runtime/clock.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <variant>

namespace tollgate::gateway {

namespace {

using base::ErrorCode;
using base::Result;
using runtime::Task;

constexpr std::uint64_t bytes_per_token = 4; // of English text; corrected at settlement
constexpr int most_rereads = 3;

std::string seconds_text(std::chrono::milliseconds time) {
    return std::to_string(std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(time).count())) +
           " s";
}

std::unexpected<Refused> refused(base::Error error) {
    return std::unexpected(Refused{std::move(error), std::nullopt});
}

/// What the call counts as in the token window until its usage is known.
std::uint64_t expected_tokens(const domain::Call& call, const std::optional<std::uint64_t>& token_limit) {
    if (!token_limit) return 0;
    const std::uint64_t input = call.prompt_bytes / bytes_per_token;
    std::uint64_t output = 0;
    for (const domain::OutputCap& cap : call.output_caps) output = std::max(output, cap.tokens);
    // A cap beyond the whole window is a formality of the client's: it must not shut the call out for ever.
    return input >= *token_limit ? input : std::min(input + output, *token_limit);
}

} // namespace

base::Error describe(const domain::Refusal& refusal) {
    const domain::QuotaNumbers& numbers = refusal.numbers;
    base::Error error{.code = refusal.reason, .source = base::ErrorSource::client};
    switch (refusal.reason) {
    case ErrorCode::requests_per_minute:
        error.message = "rate limit reached: this key may make " + std::to_string(numbers.requests_limit) +
                        " requests in any 60 seconds; the next place is free in " +
                        seconds_text(refusal.retry_after);
        break;
    case ErrorCode::tokens_per_minute:
        error.message = "token limit reached: this key may use " +
                        std::to_string(numbers.tokens_limit.value_or(0)) + " tokens in any 60 seconds";
        error.message += refusal.detail == "call"
                             ? "; this call alone is larger than that"
                             : "; there is room again in " + seconds_text(refusal.retry_after);
        break;
    case ErrorCode::concurrency:
        error.message = "too many calls at once for this " +
                        (refusal.detail.empty() ? std::string("account") : refusal.detail) +
                        "; repeat the call when one of the others has ended";
        break;
    default: error.message = std::string(base::to_string(refusal.reason)); break;
    }
    error.retry_after = std::max(refusal.retry_after, std::chrono::milliseconds(1));
    return error;
}

domain::Demand Admit::demand_of(const Principal& principal, const domain::Call& call) const {
    constexpr std::uint32_t no_limit = std::numeric_limits<std::uint32_t>::max();
    const domain::Policy& policy = principal.policy();
    const std::uint32_t concurrency =
        principal.record().account_concurrency.value_or(rules_.account_concurrency);
    domain::Demand demand;
    demand.id = base::new_request_id(); // never the client's: two calls with one id would be charged once
    demand.key_id = principal.key().id;
    demand.account_id = principal.key().account_id;
    demand.generation = principal.key().generation;
    demand.rate_limit = policy.rate_limit;
    demand.token_limit = policy.token_limit;
    demand.tokens = expected_tokens(call, policy.token_limit);
    demand.account_concurrency = concurrency == 0 ? no_limit : concurrency;
    demand.key_concurrency = policy.concurrency;
    demand.lease = rules_.lease;
    demand.now = runtime::steady_now();
    return demand;
}

Task<std::expected<Admission, Refused>> Admit::operator()(Principal principal, domain::Call call,
                                                          std::string body) {
    for (int reads = 0; reads < most_rereads; ++reads) {
        if (!domain::is_model_allowed(principal.policy(), call.model)) {
            co_return refused(base::Error{.code = ErrorCode::model_not_allowed,
                                          .source = base::ErrorSource::client,
                                          .message = "this key may not use the model '" + call.model + "'",
                                          .param = "model"});
        }
        const domain::Demand demand = demand_of(principal, call);
        auto decision = co_await quota_.reserve(demand);
        if (!decision) co_return refused(decision.error());
        if (auto* grant = std::get_if<domain::Grant>(&*decision)) {
            Admission admission(quota_, demand, std::move(principal));
            admission.call_ = std::move(call);
            admission.body_ = std::move(body);
            admission.grant_ = std::move(*grant);
            co_return admission;
        }
        if (const auto* refusal = std::get_if<domain::Refusal>(&*decision))
            co_return std::unexpected(Refused{describe(*refusal), refusal->numbers});
        auto renewed = co_await authenticate_.again(std::move(principal)); // Stale: the key has changed
        if (!renewed) co_return refused(renewed.error());
        principal = std::move(*renewed);
    }
    co_return refused(base::Error{.code = ErrorCode::storage_unavailable,
                                  .source = base::ErrorSource::storage,
                                  .message = "the key changes faster than it can be read; try again",
                                  .retry_after = std::chrono::seconds(1)});
}

} // namespace tollgate::gateway
