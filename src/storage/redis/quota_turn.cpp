#include "storage/redis/quota_turn.hpp"

#include "storage/redis/keyspace.hpp"
#include "storage/redis/scripts.hpp"
#include "tollgate/base/check.hpp"

#include <algorithm>

namespace tollgate::storage::redis {

using base::Money;
using domain::Demand;
using domain::Purse;

namespace {

constexpr std::size_t most_purses = 50; // an answer names them as bits of a number
constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

bool is_same(const Purse& one, const Purse& other) {
    return one.kind == other.kind && one.cap == other.cap && one.name == other.name;
}

/// Do the two differ in nothing but what each call has of its own?
bool are_alike(const Demand& one, const Demand& other) {
    return one.generation == other.generation && one.is_just_read == other.is_just_read &&
           one.rate_limit == other.rate_limit && one.token_limit == other.token_limit &&
           one.account_concurrency == other.account_concurrency &&
           one.key_concurrency == other.key_concurrency && one.lease == other.lease &&
           std::ranges::equal(one.purses, other.purses, is_same);
}

/// The demands of one key that are alike, and the ends of its calls.
struct KeySteps {
    std::size_t key = 0;            // which one
    const Demand* limits = nullptr; // of all of them; nullptr: no demands
    std::vector<std::size_t> demands{};
};

/// Fields of the account's hash, by the place in ARGV that a step calls them: purses, keys, requests.
class TurnWriter {
public:
    explicit TurnWriter(const TurnSteps& steps) : steps_(steps) {}

    TurnQuestion write(StepTime time) {
        gather();
        Packer packer;
        const bool needs_clock = time.now_us >= 0 || !steps_.demands.empty() || has_given_up();
        packer.number(script_count(steps_.epoch));
        packer.number(needs_clock ? time.now_us : no_matter).number(time.latest_us);
        packer.small(purses_.size()).small(steps_.ends.size());
        packer.small(groups_.size()).small(steps_.demands.size());
        for (const EndStep& end : steps_.ends) add(packer, end);
        for (const KeySteps& group : groups_) add(packer, group);
        TurnQuestion result{.question = {.key = quota_key(steps_.account),
                                         .command = command(packer.bytes()),
                                         .script = &quota_scripts().turn}};
        for (const KeySteps& group : groups_)
            result.order.insert(result.order.end(), group.demands.begin(), group.demands.end());
        return result;
    }

private:
    static constexpr std::size_t first_place = 2; // behind the steps
    static constexpr std::int64_t no_matter = -2; // what the time is

    bool has_given_up() const {
        return std::ranges::find(steps_.ends, EndKind::given_up, &EndStep::kind) != steps_.ends.end();
    }

    void gather() {
        for (const EndStep& end : steps_.ends) {
            group_of(end.key, nullptr);
            for (const std::string& purse : end.purses) know(purse);
        }
        for (std::size_t i = 0; i < steps_.demands.size(); ++i) {
            const Demand& demand = *steps_.demands[i];
            TG_CHECK(demand.purses.size() <= most_purses);
            group_of(demand.key_id, &demand).demands.push_back(i);
        }
        for (const KeySteps& group : groups_) {
            if (group.limits == nullptr) continue;
            for (const Purse& purse : group.limits->purses) know(purse.name);
        }
        next_request_ = first_place + purses_.size() + keys_.size();
    }

    /// Where this demand, or an end of a call of this key, stands.
    KeySteps& group_of(const base::KeyId& key, const Demand* demand) {
        const std::size_t which = index_of(key);
        for (KeySteps& group : groups_) {
            if (group.key != which) continue;
            if (demand == nullptr || group.limits == nullptr || are_alike(*group.limits, *demand)) {
                if (demand != nullptr) group.limits = demand;
                return group;
            }
        }
        return groups_.emplace_back(which, demand);
    }
    std::size_t index_of(const base::KeyId& key) {
        const auto known = std::ranges::find(keys_, key.text());
        const auto index = static_cast<std::size_t>(known - keys_.begin());
        if (known == keys_.end()) keys_.emplace_back(key.text());
        return index;
    }

    void know(const std::string& purse) {
        if (find(purse) == nowhere) purses_.push_back(purse);
    }
    std::size_t find(std::string_view purse) const {
        const auto found = std::ranges::find(purses_, purse);
        return found == purses_.end() ? nowhere : static_cast<std::size_t>(found - purses_.begin());
    }
    std::size_t place_of(std::string_view purse) const { return first_place + find(purse); }
    std::size_t place_of(std::size_t key) const { return first_place + purses_.size() + key; }

    void add(Packer& packer, const EndStep& end) {
        packer.small(next_request_++).small(place_of(index_of(end.key)));
        packer.number(script_money(end.cost));
        packer.number(end.kind == EndKind::given_up ? -1 : script_count(end.tokens));
        packer.small(end.purses.size());
        if (end.purses.empty()) packer.small(0);
        for (const std::string& purse : end.purses) packer.small(place_of(purse));
    }

    void add(Packer& packer, const KeySteps& group) {
        packer.small(place_of(group.key)).small(group.key + 2).small(group.demands.size());
        if (group.limits == nullptr) return;
        add_limits(packer, *group.limits);
        for (const std::size_t i : group.demands) {
            const Demand& demand = *steps_.demands[i];
            const Money least = std::min(demand.minimum, demand.bound);
            packer.small(next_request_++).number(script_count(demand.tokens));
            packer.number(script_money(std::max(demand.bound, Money())));
            packer.number(script_money(std::max(least, Money())));
        }
    }

    void add_limits(Packer& packer, const Demand& demand) {
        const bool has_wallet =
            std::ranges::count(demand.purses, domain::PurseKind::wallet, &Purse::kind) > 0;
        packer.number(script_count(demand.generation)).number(demand.rate_limit);
        packer.number(demand.token_limit ? script_count(*demand.token_limit) : -1);
        packer.number(demand.account_concurrency);
        packer.number(demand.key_concurrency ? std::int64_t{*demand.key_concurrency} : -1);
        packer.number(std::chrono::microseconds(demand.lease).count());
        packer.byte(demand.is_just_read ? 1 : 0).byte(has_wallet ? 1 : 0).small(demand.purses.size());
        for (const Purse& purse : demand.purses) {
            packer.small(place_of(purse.name)).byte(purse.kind == domain::PurseKind::wallet ? 1 : 0);
            packer.number(script_money(purse.cap));
        }
    }

    Command command(std::string_view packed) const {
        Command command{"EVALSHA", quota_scripts().turn.sha(), std::to_string(1 + keys_.size()),
                        quota_key(steps_.account)};
        for (const std::string_view key : keys_) command.add(window_key(steps_.account, key));
        command.add(packed);
        for (const std::string_view purse : purses_) command.add("p", purse);
        for (const std::string_view key : keys_) command.add("k", key);
        for (const EndStep& end : steps_.ends) command.add(request_field(end.id));
        for (const KeySteps& group : groups_) {
            for (const std::size_t i : group.demands) command.add(request_field(steps_.demands[i]->id));
        }
        return command;
    }

    const TurnSteps& steps_;
    std::vector<KeySteps> groups_;
    std::vector<std::string_view> keys_;
    std::vector<std::string_view> purses_;
    std::size_t next_request_ = 0;
};

} // namespace

TurnQuestion ask_turn(const TurnSteps& steps, StepTime time) {
    return TurnWriter(steps).write(time);
}

std::vector<DemandAnswer> read_turn(std::string_view answers, std::size_t count) {
    Unpacker unpacker(answers);
    std::vector<DemandAnswer> result;
    result.reserve(count);
    for (std::size_t i = 0; i < count; ++i) result.push_back(unpack_answer(unpacker));
    if (unpacker.has_failed() || !unpacker.is_at_end()) result.clear();
    return result;
}

} // namespace tollgate::storage::redis
