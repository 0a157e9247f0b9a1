#include "storage/redis/confirmations.hpp"

#include "storage/redis/keyspace.hpp"
#include "storage/redis/quota_step.hpp"

#include <algorithm>

namespace tollgate::storage::redis {

using base::Result;
using runtime::Task;

class Confirmations::Sink final : public ReplySink {
public:
    Sink(Confirmations& owner, base::AccountId account, std::uint64_t sequence)
        : owner_(owner), account_(std::move(account)), sequence_(sequence) {}

    void stand_at(std::list<Sink>::iterator place) { place_ = place; }

    void replied(Result<Reply> reply) override {
        Confirmations& owner = owner_;
        const base::AccountId account = std::move(account_);
        const std::uint64_t sequence = sequence_;
        owner.sinks_.erase(place_); // the end of this
        owner.acknowledged(account, sequence, reply);
    }

private:
    Confirmations& owner_;
    base::AccountId account_;
    std::uint64_t sequence_;
    std::list<Sink>::iterator place_{};
};

Confirmations::Confirmations(QuotaState& state) : state_(state) {}
Confirmations::~Confirmations() = default;

void Confirmations::add(const SettledCall& call) {
    Purses& purses = accounts_[call.account].waiting;
    for (std::size_t i = 0; i < call.purses.size(); ++i) {
        Amounts& amounts = purses[call.purses[i]];
        amounts.counted += call.cost;
        amounts.total = std::max(amounts.total, script_money(call.totals[i]));
    }
}

void Confirmations::send() {
    if (!state_.has_joined()) return; // what is pending is told to a new epoch first
    std::vector<base::AccountId> due; // an answer may come at once, and change the map
    for (const auto& [account, line] : accounts_) {
        if (!line.is_on_its_way && (line.sent || !line.waiting.empty())) due.push_back(account);
    }
    for (const base::AccountId& account : due) {
        const auto place = accounts_.find(account);
        if (place == accounts_.end()) continue;
        Line& line = place->second;
        if (!line.sent)
            line.sent = Message{.sequence = ++sequence_, .purses = std::exchange(line.waiting, {})};
        if (!state_.client.is_up_for(quota_key(account))) continue;
        line.is_on_its_way = true;
        Sink& sink = sinks_.emplace_back(*this, account, line.sent->sequence);
        sink.stand_at(std::prev(sinks_.end()));
        state_.client.tell(question(account, *line.sent), sink);
    }
}

Question Confirmations::question(const base::AccountId& account, const Message& message) const {
    Numbers numbers{static_cast<std::int64_t>(state_.view.epoch), state_.script_now(),
                    static_cast<std::int64_t>(message.sequence)};
    const Script& script = quota_scripts().confirm;
    std::string key = quota_key(account);
    Command command = script.command({key});
    for (const auto& [name, amounts] : message.purses)
        numbers.add(amounts.total).add(script_money(amounts.counted));
    command.add(numbers.bytes()).add(worker_field(state_.options.session));
    for (const auto& [name, amounts] : message.purses) command.add(purse_field(name));
    return Question{.key = std::move(key), .command = std::move(command), .script = &script};
}

void Confirmations::acknowledged(const base::AccountId& account, std::uint64_t sequence,
                                 const Result<Reply>& reply) {
    const auto place = accounts_.find(account);
    if (place == accounts_.end()) return;
    Line& line = place->second;
    if (!line.sent || line.sent->sequence != sequence) return;
    line.is_on_its_way = false;
    if (!reply || reply->kind != Reply::Kind::array) return; // said again by and by
    if (find_other_epoch(*reply)) return;                    // the epoch's end forgets it
    line.sent.reset();
    if (line.waiting.empty()) accounts_.erase(place);
}

Task<Result<void>> Confirmations::tell_pending(base::AccountId account, QuotaCalls::Sums pending) {
    Message message{.sequence = ++sequence_};
    for (const auto& [name, amount] : pending)
        message.purses[name] = Amounts{.counted = base::Money() - amount};
    Question told = question(account, message);
    const auto reply = co_await state_.client.ask(std::move(told));
    if (!reply) co_return std::unexpected(reply.error());
    if (reply->kind != Reply::Kind::array || find_other_epoch(*reply)) {
        co_return base::fail(base::ErrorCode::storage_unavailable, base::ErrorSource::storage,
                             "a new epoch was not told: " + reply->text);
    }
    co_return Result<void>();
}

} // namespace tollgate::storage::redis
