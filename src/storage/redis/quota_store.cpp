#include "storage/redis/quota_store.hpp"

#include "storage/redis/keyspace.hpp"
#include "tollgate/runtime/clock.hpp"
#include "tollgate/runtime/sleep.hpp"
#include "tollgate/telemetry/log.hpp"

#include <algorithm>
#include <utility>

namespace tollgate::storage::redis {

using base::ErrorCode;
using base::Money;
using base::Result;
using domain::Decision;
using domain::Demand;
using runtime::Task;

namespace {

constexpr std::chrono::milliseconds sure_to_be_void{1'250}; // a demand that Redis sees so late
constexpr std::chrono::milliseconds server_look{50};

std::unexpected<base::Error> conflict() {
    return base::fail(ErrorCode::conflict, base::ErrorSource::internal,
                      "a reservation with this id belongs to another key");
}

std::unexpected<base::Error> unavailable(std::string message) {
    return base::fail(base::Error{.code = ErrorCode::storage_unavailable,
                                  .source = base::ErrorSource::storage,
                                  .message = std::move(message),
                                  .retry_after = std::chrono::seconds(1)});
}

} // namespace

/// A reserve that is on its way, in as many attempts as it takes. What one without an answer may have done in
/// Redis is undone, unless a later one was granted: it is the same reservation.
class RedisQuotaStore::Asking {
public:
    Asking(RedisQuotaStore& store, const Demand& demand) : store_(&store), demand_(demand) {}
    Asking(const Asking&) = delete;
    Asking& operator=(const Asking&) = delete;
    ~Asking() {
        if (!is_open_) return;
        GivenUp call{demand_.account_id, demand_.key_id, {}, runtime::steady_now()};
        for (const domain::Purse& purse : demand_.purses) call.purses.push_back(purse.name);
        store_->given_up_.insert_or_assign(demand_.id, call);
    }
    void sent() {
        ++attempts_;
        is_open_ = true;
    }
    void answered() { is_open_ = attempts_ > 1; }
    void granted() { is_open_ = false; }
    const Demand& demand() const { return demand_; }

private:
    RedisQuotaStore* store_;
    const Demand& demand_;
    int attempts_ = 0;
    bool is_open_ = false;
};

RedisQuotaStore::RedisQuotaStore(QuotaState& state, LocalQuota& local) : state_(state), local_(local) {}
RedisQuotaStore::~RedisQuotaStore() = default;

bool RedisQuotaStore::is_reachable(const Demand& demand) {
    return !state_.is_local() && state_.client.is_up_for(quota_key(demand.account_id));
}

Task<Result<Decision>> RedisQuotaStore::reserve(const Demand& demand) {
    const base::SteadyTime deadline = runtime::steady_now() + state_.options.patience;
    Asking asking(*this, demand);
    for (;;) {
        if (!may_ask(demand)) {
            const auto home = co_await find_counters(demand, deadline);
            if (!home) co_return std::unexpected(home.error());
            if (*home == QuotaHome::local) co_return co_await reserve_locally(demand);
        }
        const std::uint64_t epoch = state_.view.epoch;
        auto answer = co_await ask(demand, asking);
        if (!answer && demand.purses.empty()) co_return co_await reserve_locally(demand);
        if (!answer) {
            const auto waited = co_await wait_until_void(deadline);
            if (!waited) co_return std::unexpected(waited.error());
            continue;
        }
        if (std::holds_alternative<Conflict>(*answer)) co_return conflict();
        if (auto* decision = std::get_if<Decision>(&*answer)) {
            auto taken = take(std::move(*decision), epoch, asking);
            if (taken) co_return *std::move(taken);
        } else if (const auto* other = std::get_if<OtherEpoch>(&*answer)) {
            state_.seen = std::max(state_.seen, other->epoch);
        } else if (state_.options.clock == QuotaClock::caller || runtime::steady_now() >= deadline) {
            co_return unavailable("the step came too late; try again");
        }
    }
}

/// Are there counters in Redis that may be asked now? Beside money, a generation may be missing in an epoch
/// that is over: a revocation.
bool RedisQuotaStore::may_ask(const Demand& demand) {
    if (!is_reachable(demand)) return false;
    return demand.purses.empty() ? !state_.is_outdated() : state_.is_complete();
}

/// Waits for counters that may be asked, as long as that makes sense.
Task<Result<QuotaHome>> RedisQuotaStore::find_counters(const Demand& demand, base::SteadyTime deadline) {
    const bool is_about_money = !demand.purses.empty();
    while (!may_ask(demand)) {
        if (is_reachable(demand)) {
            const auto changed = co_await state_.wait_for_change(deadline);
            if (changed) continue;
            if (is_about_money) co_return std::unexpected(changed.error());
            co_return QuotaHome::local;
        }
        const bool may_wait = is_about_money && !state_.is_local() && !is_away_for_long(demand);
        if (!may_wait) co_return QuotaHome::local;
        const auto waited = co_await wait_for_server(deadline);
        if (!waited) co_return std::unexpected(waited.error());
    }
    co_return QuotaHome::shared;
}

/// Nothing: it was granted in an epoch that ended meanwhile, after this worker had told the next one what it
/// holds.
std::optional<Decision> RedisQuotaStore::take(Decision decision, std::uint64_t epoch, Asking& asking) {
    if (epoch != state_.view.epoch) return std::nullopt;
    if (auto* cold = std::get_if<domain::Cold>(&decision)) cold->epoch = epoch;
    if (const auto* grant = std::get_if<domain::Grant>(&decision)) {
        remember(asking.demand(), *grant, QuotaHome::shared);
        asking.granted();
    }
    return decision;
}

bool RedisQuotaStore::is_away_for_long(const Demand& demand) {
    const Node* node = state_.client.node_for(quota_key(demand.account_id));
    return node == nullptr || runtime::steady_now() - node->down_since() > state_.options.patience;
}

/// A server that has gone is often back before anybody would notice, or the fleet agrees to count without it.
Task<Result<void>> RedisQuotaStore::wait_for_server(base::SteadyTime deadline) {
    const auto look = std::min(deadline, runtime::steady_now() + server_look);
    const auto changed = co_await state_.wait_for_change(look);
    if (!changed && runtime::steady_now() >= deadline)
        co_return unavailable("budgets cannot be checked at the moment; try again");
    co_return Result<void>();
}

/// A step without an answer may be carried out as long as it is not void. Asked again before, the first could
/// set money aside a second time, behind the end of the call.
Task<Result<void>> RedisQuotaStore::wait_until_void(base::SteadyTime deadline) {
    const bool is_ever_void = state_.options.clock == QuotaClock::server;
    if (!is_ever_void || runtime::steady_now() + sure_to_be_void >= deadline)
        co_return unavailable("limits cannot be checked at the moment; try again");
    co_await runtime::pause(state_.worker.loop(), sure_to_be_void);
    co_return Result<void>();
}

Task<Result<StepAnswer>> RedisQuotaStore::ask(const Demand& demand, Asking& asking) {
    if (state_.options.clock == QuotaClock::caller) state_.learn_time(demand.now);
    asking.sent();
    auto answer = co_await turns_.ask(demand);
    if (!answer) co_return answer;
    asking.answered();
    if (const auto* not_done = std::get_if<NotDone>(&*answer))
        co_return unavailable("Redis did not carry the step out: " + not_done->reason);
    if (std::holds_alternative<TooLate>(*answer) && state_.options.clock == QuotaClock::server) {
        // It came in time by our reckoning: the server's clock was set. The next connection reckons anew.
        if (Node* node = state_.client.node_for(quota_key(demand.account_id)))
            node->reject("its clock was set");
    }
    co_return answer;
}

Task<Result<Decision>> RedisQuotaStore::reserve_locally(const Demand& demand) {
    if (!demand.is_just_read && state_.is_deaf(runtime::steady_now()))
        co_return unavailable("the key cannot be checked at the moment; try again");
    Demand copy = demand;
    const std::uint64_t epoch = state_.view.epoch;
    auto decision = co_await local_.reserve(std::move(copy));
    if (decision) {
        if (auto* cold = std::get_if<domain::Cold>(&*decision)) cold->epoch = epoch;
        if (const auto* grant = std::get_if<domain::Grant>(&*decision))
            remember(demand, *grant, QuotaHome::local);
    }
    co_return decision;
}

void RedisQuotaStore::remember(const Demand& demand, const domain::Grant& grant, QuotaHome home) {
    if (state_.calls.find(demand.id) != nullptr) return; // a repeat
    OpenCall call{.account = demand.account_id,
                  .key = demand.key_id,
                  .granted = grant.amount,
                  .held = grant.amount,
                  .ends = demand.now + demand.lease,
                  .is_local = home == QuotaHome::local};
    for (const domain::Purse& purse : demand.purses) {
        call.purses.push_back(purse.name);
        call.caps.push_back(purse.cap);
    }
    state_.calls.add(demand.id, std::move(call));
}

Task<Result<Money>> RedisQuotaStore::extend(const base::RequestId& id, Money more) {
    OpenCall* call = state_.calls.find(id);
    if (call == nullptr || call->stage != CallStage::open) co_return Money();
    if (call->is_local) {
        const auto added = co_await local_.extend(id, more);
        call = state_.calls.find(id);
        if (added && call != nullptr) call->held += *added;
        co_return added;
    }
    Numbers numbers{static_cast<std::int64_t>(state_.view.epoch), state_.script_now(), script_money(more)};
    for (const Money cap : call->caps) numbers.add(script_money(cap));
    const std::uint64_t epoch = state_.view.epoch;
    const Script& script = quota_scripts().extend;
    std::string key = quota_key(call->account);
    Command command = script.command({key});
    command.add(numbers.bytes()).add(request_field(id));
    for (const std::string& purse : call->purses) command.add(purse_field(purse));
    Question question{.key = std::move(key), .command = std::move(command), .script = &script};
    const auto reply = co_await state_.client.ask(std::move(question));
    if (!reply) co_return std::unexpected(reply.error());
    if (reply->kind != Reply::Kind::array) co_return unavailable("Redis did not extend: " + reply->text);
    if (find_other_epoch(*reply) || epoch != state_.view.epoch) co_return Money();
    const Money added = Money::of_micros(reply->number(1));
    call = state_.calls.find(id);
    if (call != nullptr) call->held += added;
    co_return added;
}

void RedisQuotaStore::settle(const domain::Charge& charge) noexcept {
    state_.learn_time(charge.now);
    OpenCall* call = state_.calls.find(charge.id);
    if (call == nullptr || call->stage == CallStage::settling) return;
    call->stage = CallStage::settling;
    call->cost = charge.cost;
    call->tokens = charge.tokens;
    if (call->is_local) local_.settle(charge);
    if (call->is_local || state_.is_local()) return note_settled(charge.id);
    if (!state_.has_joined()) {
        call->is_unsent = true; // the epoch is being told of the call itself
    } else {
        tell_end(charge.id, *call);
    }
}

void RedisQuotaStore::tell_end(const base::RequestId& id, OpenCall& call) {
    call.is_unsent = false;
    EndStep end{.id = id, .key = call.key, .purses = call.purses, .cost = call.cost, .tokens = call.tokens};
    turns_.tell(call.account, std::move(end));
}

void RedisQuotaStore::ended(const base::RequestId& id, EndResult result) {
    const bool is_done = result == EndResult::told;
    if (is_done) given_up_.erase(id);
    OpenCall* call = state_.calls.find(id);
    if (call == nullptr || call->stage != CallStage::settling) return;
    if (is_done) return note_settled(id);
    call->is_unsent = true;
}

void RedisQuotaStore::note_settled(const base::RequestId& id) {
    const auto counted = state_.calls.settled(id);
    if (counted && !state_.is_local()) confirmations_.add(*counted);
}

std::size_t RedisQuotaStore::unconfirmed() const {
    return state_.calls.open_count() + state_.calls.settled_count() + (confirmations_.is_idle() ? 0 : 1);
}

void RedisQuotaStore::counted(std::span<const base::RequestId> calls,
                              std::span<const domain::PurseTotal> totals) {
    Totals by_name;
    for (const domain::PurseTotal& total : totals) by_name.emplace(total.name, total.spent);
    for (const base::RequestId& id : calls) {
        const auto call = state_.calls.counted(id, by_name);
        if (call && !state_.is_local()) confirmations_.add(*call);
    }
    confirmations_.send();
}

} // namespace tollgate::storage::redis
