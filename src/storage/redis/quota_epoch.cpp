// The part of RedisQuotaStore that is about epochs: warming purses, telling a new epoch, saying things again.
#include "storage/redis/keyspace.hpp"
#include "storage/redis/quota_store.hpp"
#include "tollgate/runtime/clock.hpp"

namespace tollgate::storage::redis {

using base::Result;
using runtime::Task;

namespace {

constexpr std::chrono::milliseconds account_life{7'200'000}; // of a hash that nobody uses, as in the scripts
constexpr std::chrono::seconds given_up_time{5};             // by then the step was void or has been undone

std::unexpected<base::Error> not_told(const std::string& why) {
    return base::fail(base::ErrorCode::storage_unavailable, base::ErrorSource::storage,
                      "a new epoch was not told: " + why);
}

bool is_array(const Result<Reply>& reply) {
    return reply && reply->kind == Reply::Kind::array;
}

} // namespace

Task<Result<void>> RedisQuotaStore::warm(const base::AccountId& account, const domain::PurseTotal& total,
                                         std::uint64_t epoch) {
    const base::SteadyTime deadline = runtime::steady_now() + state_.options.patience;
    for (;;) {
        // The total was read in that epoch, after it was complete. Calls that reached the ledger since are
        // not in it, and were not told to a later one.
        if (epoch != state_.view.epoch) co_return Result<void>();
        if (state_.is_local() && state_.is_complete()) {
            local_.warm(total);
            co_return Result<void>();
        }
        if (state_.is_complete()) {
            base::AccountId whose = account;
            domain::PurseTotal what = total;
            const auto warmed = co_await try_warm(std::move(whose), std::move(what));
            if (!warmed) co_return std::unexpected(warmed.error());
            if (*warmed) co_return Result<void>();
        }
        const auto changed = co_await state_.wait_for_change(deadline);
        if (!changed) co_return changed;
    }
}

/// False: the epoch is over, or Redis lost the hash meanwhile.
Task<Result<bool>> RedisQuotaStore::try_warm(base::AccountId account, domain::PurseTotal total) {
    const std::uint64_t epoch = state_.view.epoch;
    const std::string key = quota_key(account);
    // First the hash, then the look at the mark, then the total into that same hash: if everything was lost
    // in between, the hash is gone as well, or another one.
    Command opening = quota_scripts().open.command({key});
    const std::string fresh_name = state_.options.session + ":" + std::to_string(++openings_);
    opening.add(Numbers{static_cast<std::int64_t>(epoch)}.bytes()).add(fresh_name);
    Question open{.key = key, .command = std::move(opening), .script = &quota_scripts().open};
    const auto opened = co_await state_.client.ask(std::move(open));
    if (!is_array(opened)) co_return not_told("the account cannot be opened");
    if (find_other_epoch(*opened) || opened->elements.size() != 2) co_return false;
    std::string place = key;
    const auto good = co_await marks_.is_good(std::move(place));
    if (!good || !*good) co_return good;
    Command telling = quota_scripts().warm.command({key});
    const Numbers numbers{static_cast<std::int64_t>(epoch), state_.script_now(), script_money(total.spent)};
    telling.add(numbers.bytes()).add(purse_field(total.name)).add(opened->elements[1].text);
    Question tell{.key = key, .command = std::move(telling), .script = &quota_scripts().warm};
    const auto told = co_await state_.client.ask(std::move(tell));
    if (!is_array(told)) co_return not_told("the purse cannot be warmed");
    co_return told->number(0) == 0;
}

void RedisQuotaStore::begin_epoch() {
    confirmations_.forget();
    given_up_.clear(); // what arrives late is of another epoch
    local_.forget();
}

std::vector<Holding> RedisQuotaStore::go_local() {
    std::vector<base::RequestId> ended;
    for (const auto& [id, call] : state_.calls.open()) {
        if (call.stage == CallStage::settling) ended.push_back(id);
    }
    for (const base::RequestId& id : ended) state_.calls.settled(id);
    std::vector<Holding> holdings;
    for (const auto& [purse, amount] : state_.calls.holdings()) holdings.push_back({purse, amount});
    return holdings;
}

Task<Result<void>> RedisQuotaStore::tell_everything() {
    std::vector<std::pair<base::RequestId, OpenCall>> open;
    std::vector<base::RequestId> ended;
    for (auto& [id, call] : state_.calls.open()) {
        if (call.stage == CallStage::settling) {
            ended.push_back(id);
        } else {
            open.emplace_back(id, call);
        }
    }
    for (const base::RequestId& id : ended)
        state_.calls.settled(id); // what the ledger has is nothing to tell
    const auto pending = state_.calls.pending();
    for (auto& [id, call] : open) {
        const auto told = co_await restore(std::move(id), std::move(call));
        if (!told) co_return told;
    }
    for (const auto& [account, sums] : pending) {
        base::AccountId whose = account;
        QuotaCalls::Sums what = sums;
        const auto told = co_await confirmations_.tell_pending(std::move(whose), std::move(what));
        if (!told) co_return told;
    }
    co_return Result<void>();
}

Task<Result<void>> RedisQuotaStore::restore(base::RequestId id, OpenCall call) {
    const auto lease =
        std::chrono::duration_cast<std::chrono::microseconds>(call.ends - runtime::steady_now());
    const Numbers numbers{static_cast<std::int64_t>(state_.view.epoch), state_.script_now(),
                          script_money(call.granted), script_money(call.held),
                          std::max<std::int64_t>(lease.count(), 1'000'000)};
    const Script& script = quota_scripts().restore;
    std::string key = quota_key(call.account);
    Command command = script.command({key});
    command.add(numbers.bytes()).add(request_field(id)).add(key_field(call.key));
    for (const std::string& purse : call.purses) command.add(purse_field(purse));
    Question question{.key = std::move(key), .command = std::move(command), .script = &script};
    const auto reply = co_await state_.client.ask(std::move(question));
    if (!is_array(reply)) co_return not_told(reply ? reply->text : reply.error().message);
    if (find_other_epoch(*reply)) co_return not_told("there is a later one");
    OpenCall* known = state_.calls.find(id);
    if (known == nullptr || !known->is_local) co_return Result<void>();
    known->is_local = false;
    local_.settle(domain::Charge{.id = id, .now = runtime::steady_now()}); // its place is in Redis now
    co_return Result<void>();
}

void RedisQuotaStore::tend() {
    if (state_.is_local() || !state_.has_joined()) return;
    std::vector<base::RequestId> unsent;
    for (const auto& [id, call] : state_.calls.open()) {
        if (call.is_unsent && state_.client.is_up_for(quota_key(call.account))) unsent.push_back(id);
    }
    for (const base::RequestId& id : unsent) {
        if (OpenCall* call = state_.calls.find(id)) tell_end(id, *call);
    }
    const auto now = runtime::steady_now();
    std::erase_if(given_up_, [now](const auto& each) { return now - each.second.since > given_up_time; });
    std::vector<std::pair<base::RequestId, GivenUp>> undone(given_up_.begin(), given_up_.end());
    for (const auto& [id, call] : undone) tell_given_up(id, call);
    confirmations_.send();
}

void RedisQuotaStore::keep_pending() {
    if (state_.is_local() || !state_.has_joined()) return;
    for (const auto& [account, sums] : state_.calls.pending()) {
        std::string key = quota_key(account);
        if (!state_.client.is_up_for(key)) continue;
        Command command{"PEXPIRE", key, std::to_string(account_life.count())};
        state_.client.tell({.key = std::move(key), .command = std::move(command)}, ignored_);
    }
}

void RedisQuotaStore::tell_given_up(const base::RequestId& id, const GivenUp& call) {
    if (!state_.client.is_up_for(quota_key(call.account))) return;
    EndStep end{.kind = EndKind::given_up, .id = id, .key = call.key, .purses = call.purses};
    turns_.tell(call.account, std::move(end));
}

} // namespace tollgate::storage::redis
