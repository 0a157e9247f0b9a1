#include "storage/redis/turns.hpp"

#include "storage/redis/keyspace.hpp"

#include <algorithm>
#include <utility>

namespace tollgate::storage::redis {

using base::Result;
using domain::Demand;
using runtime::Task;

namespace {

constexpr std::size_t most_steps = 64;                    // of a command: Redis does nothing else meanwhile
constexpr std::chrono::microseconds step_life{1'000'000}; // a demand that Redis sees later is void

base::Error unavailable(std::string reason) {
    return {.code = base::ErrorCode::storage_unavailable,
            .source = base::ErrorSource::storage,
            .retry = base::Retry::maybe,
            .message = std::move(reason),
            .retry_after = std::chrono::seconds(1)};
}

} // namespace

/// A coroutine that waits for its demand's answer; its frame may die before.
class Turns::Asked {
public:
    explicit Asked(const Demand& demand) : demand(&demand) {}
    Asked(const Asked&) = delete;
    Asked& operator=(const Asked&) = delete;
    ~Asked() {
        if (place != nullptr) *place = nullptr;
    }

    void answer(Result<StepAnswer> answer) {
        answer_ = std::move(answer);
        wakeup_.wake();
    }
    Task<> wait() { co_await wakeup_.wait(); }
    Result<StepAnswer> take() { return std::move(*answer_); }

    const Demand* demand;
    Asked** place = nullptr; // in the batch, while it is there

private:
    std::optional<Result<StepAnswer>> answer_;
    runtime::Wakeup wakeup_;
};

/// The steps of one command. First it gathers them, then it waits for the reply.
class Turns::Batch final : public ReplySink {
public:
    Batch(Turns& turns, const base::AccountId& account)
        : turns_(turns), account_(account), epoch_(turns.state_.view.epoch) {
        demands_.reserve(most_steps); // whoever waits is pointed to from there and back
    }

    const base::AccountId& account() const { return account_; }
    std::size_t size() const { return ids_.size(); }
    std::uint64_t epoch() const { return epoch_; }

    /// May be wrong about one that it does not have.
    bool has(const base::RequestId& id) const { return std::ranges::find(ids_, hash_of(id)) != ids_.end(); }

    void add(Asked& asked) {
        ids_.push_back(hash_of(asked.demand->id));
        demands_.push_back(&asked);
        asked.place = &demands_.back();
    }
    void add(EndStep end) {
        ids_.push_back(hash_of(end.id));
        ends_.push_back(std::move(end));
    }

    /// Nothing: nobody waits for any of it any more.
    std::optional<Question> question(StepTime time) {
        std::vector<const Demand*> demands;
        for (Asked*& asked : demands_) {
            if (asked == nullptr) continue;
            demands.push_back(asked->demand);
            waiting_.push_back(&asked);
        }
        if (demands.empty() && ends_.empty()) return std::nullopt;
        TurnQuestion asking =
            ask_turn({.account = account_, .epoch = epoch_, .ends = ends_, .demands = demands}, time);
        order_ = std::move(asking.order);
        return std::move(asking.question);
    }

    void stand_at(std::list<std::unique_ptr<Batch>>::iterator place) { place_ = place; }

    void replied(Result<Reply> reply) override {
        const std::unique_ptr<Batch> self = std::move(*place_);
        turns_.sent_.erase(place_);
        finish(reply);
    }

    /// It is not sent any more, and nobody is told of its ends.
    void abandon() {
        for (Asked* asked : demands_) answer(asked, base::fail(unavailable("the gateway stops")));
    }

private:
    void finish(const Result<Reply>& reply) {
        turns_.steps_ -= size();
        if (!reply) {
            for (Asked* asked : demands_) answer(asked, std::unexpected(reply.error()));
        } else if (const auto other = find_other_epoch(*reply)) {
            for (Asked* asked : demands_) answer(asked, StepAnswer(*other));
        } else {
            deliver(*reply);
        }
        const bool is_told = reply && (reply->kind == Reply::Kind::text || find_other_epoch(*reply));
        for (const EndStep& end : ends_)
            turns_.observer_.ended(end.id, is_told ? EndResult::told : EndResult::not_told);
    }

    static std::size_t hash_of(const base::RequestId& id) { return std::hash<base::RequestId>{}(id); }

    static void answer(Asked* asked, Result<StepAnswer> what) {
        if (asked == nullptr) return;
        asked->place = nullptr;
        asked->answer(std::move(what));
    }

    void deliver(const Reply& reply) {
        std::vector<DemandAnswer> answers;
        if (reply.kind == Reply::Kind::text) answers = read_turn(reply.text, order_.size());
        for (std::size_t i = 0; i < order_.size(); ++i) {
            Asked* asked = *waiting_[order_[i]];
            if (asked == nullptr) continue;
            answer(asked, i < answers.size() ? read_answer(*asked->demand, answers[i])
                                             : StepAnswer(NotDone{reply.text}));
        }
    }

    Turns& turns_;
    base::AccountId account_;
    std::uint64_t epoch_;
    std::vector<std::size_t> ids_; // hashed
    std::vector<EndStep> ends_;
    std::vector<Asked*> demands_;    // nullptr: nobody waits any more
    std::vector<Asked**> waiting_;   // those that were sent
    std::vector<std::size_t> order_; // of the answers, among those
    std::list<std::unique_ptr<Batch>>::iterator place_{};
};

Turns::Turns(QuotaState& state, EndObserver& observer) : state_(state), observer_(observer) {}

/// Frames that wait outlive this when the loop is torn down: they must not look for their places then.
Turns::~Turns() {
    for (auto& [account, batch] : gathering_) {
        if (batch) batch->abandon();
    }
    for (auto& batch : sent_) batch->abandon();
}

Task<Result<StepAnswer>> Turns::ask(const Demand& demand) {
    Asked asked(demand);
    Batch* batch = batch_of(demand.account_id, demand.id);
    if (batch == nullptr) co_return base::fail(unavailable("too many commands wait for Redis"));
    batch->add(asked);
    co_await asked.wait();
    co_return asked.take();
}

void Turns::tell(const base::AccountId& account, EndStep end) {
    Batch* batch = batch_of(account, end.id);
    if (batch == nullptr) return observer_.ended(end.id, EndResult::not_told);
    batch->add(std::move(end));
}

/// Where this request's next step goes; nullptr: there is no room.
Turns::Batch* Turns::batch_of(const base::AccountId& account, const base::RequestId& id) {
    if (steps_ >= state_.client.queue()) return nullptr;
    ++steps_;
    send_soon();
    std::unique_ptr<Batch>& batch = gathering_[account];
    const bool is_full =
        batch && (batch->size() >= most_steps || batch->epoch() != state_.view.epoch || batch->has(id));
    if (is_full) send(std::move(batch));
    std::unique_ptr<Batch>& fresh = gathering_[account]; // an answer may have come at once
    if (!fresh) fresh = std::make_unique<Batch>(*this, account);
    return fresh.get();
}

void Turns::send_soon() {
    if (std::exchange(is_due_, true)) return;
    state_.worker.post([this] { send_all(); });
}

void Turns::send_all() {
    is_due_ = false;
    for (auto& [account, batch] : std::exchange(gathering_, {})) {
        if (batch) send(std::move(batch));
    }
    state_.client.flush();
}

void Turns::send(std::unique_ptr<Batch> batch) {
    auto question = batch->question(time_for(batch->account()));
    if (!question) {
        steps_ -= batch->size();
        return;
    }
    Batch& sent = *sent_.emplace_back(std::move(batch));
    sent.stand_at(std::prev(sent_.end()));
    state_.client.tell(*std::move(question), sent);
}

StepTime Turns::time_for(const base::AccountId& account) const {
    if (state_.options.clock == QuotaClock::caller) return {.now_us = state_.script_now()};
    const Node* node = state_.client.node_for(quota_key(account));
    if (node == nullptr) return {};
    return {.latest_us = node->server_now_us() + step_life.count()};
}

} // namespace tollgate::storage::redis
