#include "gateway/admit.hpp"

#include "gateway/refusal.hpp"
#include "tollgate/runtime/clock.hpp"
#include "tollgate/runtime/sleep.hpp"

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
constexpr int most_tries = 5;
constexpr std::chrono::milliseconds look_again{10};

std::unexpected<Refused> refused(base::Error error) {
    return std::unexpected(Refused{std::move(error), std::nullopt});
}

base::Error busy_storage() {
    return base::Error{.code = ErrorCode::storage_unavailable,
                       .source = base::ErrorSource::storage,
                       .message = "the gateway's storage cannot take another call at the moment; try again",
                       .retry_after = std::chrono::seconds(1)};
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

const domain::Refusal* waits_for_money(const Result<domain::Decision>& decision) {
    const auto* refusal = decision ? std::get_if<domain::Refusal>(&*decision) : nullptr;
    return refusal != nullptr && refusal->reason == ErrorCode::budget_reserved ? refusal : nullptr;
}

} // namespace

Task<std::expected<void, Refused>> Admit::operator()(Applicant applicant, std::optional<Admission>& place) {
    Admission& admission =
        place.emplace(Admission::Right(), services_.quota, services_.tariff, std::move(applicant.principal));
    // Nothing is reserved yet: an admission that is refused on the way must not settle anything.
    static_cast<void>(admission.quota_.release()); // it owns nothing
    admission.id_ = std::move(applicant.id);
    admission.call_ = std::move(applicant.call);
    admission.body_ = std::move(applicant.body);
    admission.started_at_ = runtime::wall_now();
    admission.day_ = services_.tariff.zone.day_at(admission.started_at_);
    admission.route_ = services_.router.route(admission.call_.model);
    if (admission.route_) {
        auto quote = make_quote(services_.tariff, admission.call_, *admission.route_, services_.router);
        if (!quote) co_return refused(quote.error());
        admission.quote_ = std::move(*quote);
    }
    const auto decision = co_await decide(admission);
    if (!decision) co_return std::unexpected(decision.error());
    if (const auto* refusal = std::get_if<domain::Refusal>(&*decision)) {
        co_return std::unexpected(Refused{describe(*refusal, services_.tariff.currency), refusal->numbers});
    }
    admission.grant_ = std::get<domain::Grant>(*decision);
    const auto& slice = admission.quote_.slice;
    admission.sliced_ = admission.limited_ && slice && admission.grant_.amount >= *slice;
    const auto placed = take_place(admission);
    if (!placed) co_return std::unexpected(Refused{placed.error(), admission.grant_.numbers});
    co_return std::expected<void, Refused>();
}

Task<std::expected<domain::Decision, Refused>> Admit::decide(Admission& admission) {
    for (int tries = 0; tries < most_tries; ++tries) {
        const auto checked = check(admission);
        if (!checked) co_return refused(checked.error());
        // What was asked for under one id is not asked for under it again.
        if (tries > 0) admission.id_ = base::new_request_id(admission.started_at_);
        domain::Demand demand = demand_of(admission);
        if (services_.tariff.wallet == domain::WalletUse::charged) {
            auto wallet = co_await services_.purses.wallet(admission.principal_, admission.started_at_);
            if (!wallet) co_return refused(wallet.error());
            demand.purses.push_back(std::move(*wallet));
        }
        admission.limited_ = !demand.purses.empty();
        if (admission.limited_) demand.bound = admission.quote_.slice.value_or(demand.bound);
        admission.expected_tokens_ = demand.tokens;
        auto decision = co_await services_.quota.reserve(demand);
        if (waits_for_money(decision) != nullptr)
            decision = co_await wait_for_money(demand, std::move(decision));
        if (!decision) co_return refused(decision.error());
        if (const auto* cold = std::get_if<domain::Cold>(&*decision)) {
            const auto warmed = co_await services_.purses.warm(admission.principal_, *cold, services_.quota);
            if (!warmed) co_return refused(warmed.error());
            continue;
        }
        if (!std::holds_alternative<domain::Stale>(*decision)) {
            if (std::holds_alternative<domain::Grant>(*decision)) admission.quota_.reset(&services_.quota);
            co_return std::move(*decision);
        }
        auto renewed = co_await services_.authenticate.again(std::move(admission.principal_));
        if (!renewed) co_return refused(renewed.error());
        admission.principal_ = std::move(*renewed);
    }
    co_return refused(busy_storage());
}

Result<void> Admit::check(const Admission& admission) const {
    const std::string& model = admission.call_.model;
    if (!domain::is_model_allowed(admission.principal_.policy(), model)) {
        return base::reject(ErrorCode::model_not_allowed, "this key may not use the model '" + model + "'",
                            "model");
    }
    const bool is_limited =
        admission.principal_.policy().budget || services_.tariff.wallet == domain::WalletUse::charged;
    if (is_limited && !admission.quote_.is_priced) {
        return base::reject(ErrorCode::unpriced_model,
                            "the model '" + model +
                                "' has no price here, so a key with a budget cannot use it; its operator can "
                                "add one in billing.price_overrides",
                            "model");
    }
    return {};
}

/// Money that other calls hold comes back within their lifetime: what they do not use is enough, as a rule.
Task<Result<domain::Decision>> Admit::wait_for_money(domain::Demand& demand,
                                                     Result<domain::Decision> decision) {
    const base::SteadyTime give_up = demand.now + services_.tariff.reserve_wait;
    while (waits_for_money(decision) != nullptr && runtime::steady_now() + look_again < give_up) {
        co_await runtime::pause(services_.worker.loop(), look_again);
        demand.now = runtime::steady_now();
        decision = co_await services_.quota.reserve(demand);
    }
    co_return decision;
}

domain::Demand Admit::demand_of(const Admission& admission) const {
    constexpr std::uint32_t no_limit = std::numeric_limits<std::uint32_t>::max();
    const Principal& principal = admission.principal_;
    const domain::Policy& policy = principal.policy();
    const std::uint32_t concurrency =
        principal.record().account_concurrency.value_or(services_.rules.account_concurrency);
    domain::Demand demand;
    demand.id = admission.id_;
    demand.key_id = principal.key().id;
    demand.account_id = principal.key().account_id;
    demand.generation = principal.key().generation;
    demand.is_just_read = principal.is_just_read();
    demand.rate_limit = policy.rate_limit;
    demand.token_limit = policy.token_limit;
    demand.tokens = expected_tokens(admission.call_, policy.token_limit);
    demand.account_concurrency = concurrency == 0 ? no_limit : concurrency;
    demand.key_concurrency = policy.concurrency;
    demand.bound = admission.quote_.bound;
    demand.minimum = admission.quote_.minimum;
    demand.lease = services_.rules.lease;
    demand.now = runtime::steady_now();
    if (auto budget = budget_of(principal, services_.tariff, admission.started_at_))
        demand.purses.push_back(std::move(*budget));
    return demand;
}

Result<void> Admit::take_place(Admission& admission) {
    auto entry = services_.journal.take_slot();
    if (!entry) return base::fail(busy_storage()); // the admission's own end frees what was reserved
    admission.entry_ = std::move(*entry);
    return {};
}

} // namespace tollgate::gateway
