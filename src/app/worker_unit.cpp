#include "app/worker_unit.hpp"

#include "tollgate/runtime/clock.hpp"
#include "tollgate/runtime/sleep.hpp"
#include "tollgate/runtime/spawn.hpp"

namespace tollgate::app {

namespace {

constexpr std::chrono::milliseconds tick_period{200};
constexpr std::chrono::milliseconds refresh_pause{100};

} // namespace

WorkerUnit::WorkerUnit(std::size_t index, SharedParts shared, const Snapshots& snapshots,
                       const gateway::GatewaySettings& settings)
    : worker_(index),
      shared_(shared),
      resolver_(worker_, shared.pool),
      local_quota_(shared.quota),
      share_(shared.fleet == nullptr ? nullptr : shared.fleet->make_share(worker_, resolver_, local_quota_)),
      gateway_(gateway::make_gateway(services_of(shared), snapshots.gateway, settings)),
      dashboard_(dashboard::make_dashboard({worker_, shared.dashboard.pool, shared.dashboard.hashing,
                                            shared.dashboard.storage, shared.dashboard.cluster,
                                            shared.metrics.shard(index)},
                                           shared.dashboard.settings, snapshots.models)),
      front_(*gateway_, *dashboard_, shared.health),
      timer_(worker_.loop()) {}

gateway::GatewayServices WorkerUnit::services_of(const SharedParts& shared) {
    ports::QuotaStore& quota = share_ ? share_->quota() : local_quota_;
    ports::KeyCache* keys = share_ ? &share_->keys() : nullptr;
    return {worker_,       shared.pool,    shared.keys, quota,
            shared.ledger, shared.journal, keys,        shared.metrics.shard(worker_.index())};
}

void WorkerUnit::listen(runtime::FileDescriptor socket, const server::ListenerOptions& options) {
    server::ListenerOptions counted = options;
    counted.metrics = &shared_.metrics.shard(worker_.index());
    listeners_.push_back(
        std::make_unique<server::Listener>(worker_, std::move(socket), front_, std::move(counted)));
}

void WorkerUnit::start() {
    for (const auto& listener : listeners_) listener->start();
    tick();
    worker_.start();
}

void WorkerUnit::tick() {
    std::size_t open = 0;
    for (const auto& listener : listeners_) open += listener->connections();
    connections_.store(open, std::memory_order_relaxed);
    key_look_ups_.store(gateway_->key_look_ups(), std::memory_order_relaxed);
    gateway_->tidy(runtime::steady_now());
    timer_.expires_after(tick_period);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error) tick();
    });
}

void WorkerUnit::forget_keys(const std::vector<base::Digest>& secrets) {
    worker_.post([this, secrets] {
        for (const base::Digest& secret : secrets) {
            if (share_) {
                gateway_->doubt_key(secret);
            } else {
                gateway_->forget_key(secret);
            }
        }
    });
}

void WorkerUnit::trust_key(const base::Digest& secret) {
    worker_.post([this, secret] { gateway_->trust_key(secret); });
}

void WorkerUnit::forget_all_keys() {
    worker_.post([this] { gateway_->forget_all_keys(); });
}

void WorkerUnit::adopt(const Snapshots& snapshots) {
    worker_.post([this, snapshots] {
        gateway_->adopt(snapshots.gateway);
        dashboard_->take_models(snapshots.models);
    });
}

void WorkerUnit::use_tls(std::shared_ptr<ssl_ctx_st> tls) {
    worker_.post([this, tls = std::move(tls)] {
        for (const auto& listener : listeners_) listener->use_tls(tls);
    });
}

void WorkerUnit::refresh_shared_keys(std::vector<base::Digest> secrets, std::chrono::milliseconds life,
                                     Replaced replaced) {
    if (!share_) return;
    worker_.post(
        [this, secrets, end = runtime::steady_now() + life, replaced = std::move(replaced)]() mutable {
            runtime::spawn(worker_.loop(), refresh(*this, std::move(secrets), end, std::move(replaced)),
                           "refresh keys");
        });
}

runtime::Task<> WorkerUnit::refresh(WorkerUnit& unit, std::vector<base::Digest> secrets, base::SteadyTime end,
                                    Replaced replaced) {
    while (!secrets.empty() && runtime::steady_now() < end) {
        std::vector<base::Digest> left;
        for (const base::Digest& secret : secrets) {
            const bool is_done = co_await unit.refresh_one(secret);
            if (is_done) replaced(secret);
            if (!is_done) left.push_back(secret);
        }
        secrets = std::move(left);
        if (!secrets.empty()) co_await runtime::pause(unit.worker_.loop(), refresh_pause);
    }
    for (const base::Digest& secret : secrets) replaced(secret); // what could be older has expired
}

runtime::Task<bool> WorkerUnit::refresh_one(base::Digest secret) {
    auto read = [this, secret] { return shared_.keys.find_by_secret(secret); };
    const auto record = co_await shared_.pool.run(worker_.loop(), std::move(read));
    if (!record) co_return false;
    ports::CachedRecord found{*record};
    co_return co_await share_->keys().replace(secret, std::move(found));
}

void WorkerUnit::begin_drain() {
    worker_.post([this] {
        for (const auto& listener : listeners_) listener->drain();
        runtime::spawn(worker_.loop(), finish_drain(*this), "drain");
    });
}

runtime::Task<> WorkerUnit::finish_drain(WorkerUnit& unit) {
    for (const auto& listener : unit.listeners_) co_await listener->wait_until_empty();
    unit.drained_.store(true, std::memory_order_release);
}

void WorkerUnit::cut() {
    worker_.post([this] {
        for (const auto& listener : listeners_) listener->cut();
    });
}

} // namespace tollgate::app
