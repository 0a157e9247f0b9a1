#include "tollgate/storage/redis_share.hpp"

#include "storage/redis/key_records.hpp"
#include "storage/redis/quota_store.hpp"
#include "tollgate/runtime/clock.hpp"
#include "tollgate/runtime/sleep.hpp"
#include "tollgate/runtime/spawn.hpp"

namespace tollgate::storage {

namespace redis {

namespace {

using runtime::Task;

constexpr std::chrono::milliseconds tend_period{50};
constexpr std::chrono::milliseconds join_pause{20};
constexpr int periods_between_looks = 4;   // at the marks
constexpr int periods_between_checks = 40; // of the servers, too
constexpr int periods_between_keeps = 12'000;

} // namespace

/// One worker's share of Redis. Its tasks live as long as the worker's loop.
class WorkerShare final : public RedisShare, private Greeter {
public:
    WorkerShare(RedisShareServices services, RedisShareOptions options)
        : services_(services),
          state_(services.worker, client_, std::move(options), services.followed_us),
          local_(state_, services.local),
          store_(state_, local_),
          keys_(client_, {state_.options.found_time, state_.options.unknown_time}),
          client_({services.worker, services.resolver, services.settings}, this) {}

    void start() override {
        client_.start();
        runtime::spawn(services_.worker.loop(), tend(*this), "redis quota");
    }

    ports::QuotaStore& quota() override { return store_; }
    ports::KeyCache& keys() override { return keys_; }
    const ShareStatus& status() const override { return state_.status; }

    void adopt(const FleetView& view) override {
        const bool is_new = view.epoch != state_.view.epoch;
        state_.view = view;
        if (is_new) store_.begin_epoch();
        if (is_new && !state_.is_local() && !is_joining_) {
            is_joining_ = true;
            runtime::spawn(services_.worker.loop(), join(*this), "redis join");
        }
        state_.changed.raise();
    }

    void counted(std::span<const base::RequestId> calls,
                 std::span<const domain::PurseTotal> totals) override {
        store_.counted(calls, totals);
    }

    void caught_up(std::uint64_t forgotten) override {
        if (!state_.calls.has_overflown()) return;
        state_.calls.make_good(forgotten);
        if (state_.calls.has_overflown()) return; // more were forgotten meanwhile
        state_.report_loss(
            state_.view.epoch); // what was forgotten is counted twice there, until an epoch begins
    }

private:
    /// Brings the scripts, so that no step has to be said twice, and compares the mark.
    Task<base::Result<void>> greet(Node& node) override {
        for (const Script* script : quota_scripts().all()) {
            const Command command{"SCRIPT", "LOAD", script->text()};
            const auto loaded = co_await node.link().call(command);
            if (!loaded) co_return std::unexpected(loaded.error());
        }
        co_return co_await marks_.compare(node);
    }

    /// Calls that were forgotten cannot be told: until the ledger has them, this worker holds nobody knows
    /// what.
    void join_local() {
        if (!state_.is_local() || state_.has_joined() || state_.calls.has_overflown()) return;
        auto holdings = store_.go_local();
        if (services_.listener != nullptr)
            services_.listener->held(state_.view.epoch, services_.worker.index(), std::move(holdings));
        state_.status.joined.store(state_.view.epoch);
    }

    /// Tells the epoch what this worker holds, as soon as Redis can be reached.
    static Task<> join(WorkerShare& share) {
        QuotaState& state = share.state_;
        while (!state.is_local() && !state.has_joined()) {
            const bool is_over = state.status.lost.load() >= state.view.epoch; // the next one is on its way
            if (is_over || !share.client_.is_up() || state.calls.has_overflown()) {
                co_await runtime::pause(share.services_.worker.loop(), join_pause);
                continue;
            }
            const std::uint64_t epoch = state.view.epoch;
            const auto told = co_await share.try_join(epoch);
            if (epoch != state.view.epoch) continue;
            if (told && *told) {
                state.status.joined.store(epoch);
                state.changed.raise();
            } else {
                co_await runtime::pause(share.services_.worker.loop(), join_pause);
            }
        }
        share.is_joining_ = false;
    }

    /// One worker of the fleet: a second one would set the mark again behind a loss.
    bool is_marker() const { return state_.view.is_founder && services_.worker.index() == 0; }

    /// False: the epoch's mark is not there (yet).
    Task<base::Result<bool>> try_join(std::uint64_t epoch) {
        if (is_marker() && marked_ != epoch) {
            const auto marked = co_await marks_.set_all(epoch);
            if (!marked) co_return std::unexpected(marked.error());
            marked_ = epoch;
        }
        const auto good = co_await marks_.are_all_marked(epoch);
        if (good && !*good && is_marker())
            state_.report_loss(epoch); // it was there, and nobody sets it again
        if (!good || !*good || epoch != state_.view.epoch) co_return good;
        const auto told = co_await store_.tell_everything();
        if (told) co_return true;
        state_.report_loss(epoch); // part of it may have been told: only a fresh epoch is sure to be right
        co_return std::unexpected(told.error());
    }

    static Task<> tend(WorkerShare& share) {
        for (int periods = 0;; ++periods) {
            co_await runtime::pause(share.services_.worker.loop(), tend_period);
            QuotaState& state = share.state_;
            state.status.is_up.store(share.client_.is_up());
            state.status.is_refused.store(share.client_.trouble() == NodeTrouble::refused);
            state.status.commands.store(share.client_.commands());
            share.join_local();
            share.store_.tend();
            if (periods % periods_between_keeps == 0) share.store_.keep_pending();
            state.status.forgotten.store(state.calls.forgotten());
            state.status.is_overflown.store(state.calls.has_overflown());
            state.status.unconfirmed.store(share.store_.unconfirmed());
            const bool looks =
                periods % periods_between_looks == 0 && !state.is_local() && state.has_joined();
            if (!looks || !share.client_.is_up()) continue;
            const auto depth = periods % periods_between_checks == 0 ? LookDepth::server : LookDepth::mark;
            const auto good = co_await share.marks_.are_all_good(depth);
            static_cast<void>(good); // it has reported what it found
        }
    }

    RedisShareServices services_;
    QuotaState state_;
    LocalQuota local_;
    RedisQuotaStore store_;
    Marks marks_{state_};
    KeyRecords keys_;
    Client client_; // dies first: it tells whoever waits in the store
    std::uint64_t marked_ = 0;
    bool is_joining_ = false;
};

} // namespace redis

std::unique_ptr<RedisShare> make_redis_share(RedisShareServices services, RedisShareOptions options) {
    return std::make_unique<redis::WorkerShare>(services, std::move(options));
}

} // namespace tollgate::storage
