#include "app/shared_quota.hpp"

#include "app/host_name.hpp"
#include "tollgate/base/digest.hpp"
#include "tollgate/domain/purse.hpp"
#include "tollgate/runtime/clock.hpp"
#include "tollgate/telemetry/log.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <utility>

namespace tollgate::app {

namespace {

using base::Result;

constexpr std::chrono::seconds leave_time{2};
constexpr std::chrono::milliseconds leave_look{10};
constexpr std::chrono::milliseconds flush_time{100}; // signals wait for it

/// The node's name for the registry: made once, kept beside the journal, because both are of the same node.
Result<std::string> node_name(const std::filesystem::path& journal) {
    const std::filesystem::path file = journal / "node";
    std::error_code fault;
    std::filesystem::create_directories(journal, fault);
    std::string name;
    if (std::ifstream stream(file); stream >> name && !name.empty()) return name;
    name = "node_" + base::random_hex(8);
    std::ofstream stream(file);
    stream << name << '\n';
    stream.flush();
    if (stream) return name;
    return base::fail(base::ErrorCode::storage_unavailable, base::ErrorSource::storage,
                      "cannot write " + file.string());
}

domain::NodeCard own_card() {
    return {.host = host_name(), .version = TOLLGATE_VERSION, .started_at = runtime::wall_now()};
}

/// Purses of these calls whose totals the ledger did not tell, because it had counted the calls before.
std::set<std::string> untold(std::span<const domain::UsageView> events,
                             std::span<const domain::PurseTotal> totals) {
    // Few keys made most calls of a batch: names are spelled once for each.
    std::set<std::pair<std::string_view, std::chrono::local_days>> keys;
    std::set<std::string_view> wallets;
    for (const domain::UsageView& event : events) {
        keys.emplace(event.key_id, event.day);
        if (event.wallet == domain::WalletUse::charged) wallets.insert(event.account_id);
    }
    std::set<std::string> names;
    for (const auto& [key, day] : keys) {
        for (const auto period : domain::budget_periods)
            names.insert(domain::budget_purse_name(base::KeyId(std::string(key)), period, day));
    }
    for (const std::string_view account : wallets)
        names.insert(domain::wallet_purse_name(base::AccountId(std::string(account))));
    for (const domain::PurseTotal& total : totals) names.erase(total.name);
    return names;
}

} // namespace

Result<storage::RedisSettings> redis_settings(const config::Storage& storage) {
    auto settings = storage::parse_redis_url(storage.redis->expose());
    if (!settings) return std::unexpected(settings.error());
    settings->command_time = storage.redis_timeout;
    if (settings->is_encrypted) {
        auto tls = runtime::make_tls_client(storage.redis_certificate_authority);
        if (!tls) return std::unexpected(tls.error());
        settings->tls = std::move(*tls);
    }
    return settings;
}

SharedQuota::SharedQuota(storage::RedisSettings settings, const config::Keys& keys, ports::Storage& storage,
                         std::string node)
    : settings_(std::move(settings)),
      keys_(keys),
      ledger_(storage.ledger()),
      node_(std::move(node)),
      agent_(*storage.fleet(), {.node = node_, .card = own_card()}) {}

Result<std::unique_ptr<SharedQuota>> SharedQuota::open(const config::Config& config,
                                                       ports::Storage& storage) {
    auto settings = redis_settings(config.storage);
    if (!settings) return std::unexpected(settings.error());
    if (storage.fleet() == nullptr) {
        return base::fail(base::ErrorCode::invalid_configuration, base::ErrorSource::internal,
                          "storage.redis needs a database that several nodes can share");
    }
    auto node = node_name(config.storage.journal);
    if (!node) return std::unexpected(node.error());
    return std::unique_ptr<SharedQuota>(
        new SharedQuota(std::move(*settings), config.keys, storage, std::move(*node)));
}

std::unique_ptr<storage::RedisShare>
SharedQuota::make_share(runtime::Worker& worker, runtime::Resolver& resolver, ports::QuotaStore& local) {
    storage::RedisShareOptions options;
    options.session = node_ + "-" + base::random_hex(4) + "-" + std::to_string(worker.index());
    options.found_time = keys_.cache_time;
    options.unknown_time = keys_.negative_cache_time;
    auto share = storage::make_redis_share({worker, resolver, settings_, local, &agent_, &followed_us_},
                                           std::move(options));
    seats_.push_back({&worker, share.get()});
    statuses_.push_back(&share->status());
    share->start();
    return share;
}

std::int64_t SharedQuota::steady_us() {
    return std::chrono::duration_cast<std::chrono::microseconds>(runtime::steady_now().time_since_epoch())
        .count();
}

Result<void> SharedQuota::start() {
    std::vector<storage::FleetSeat> seats;
    for (const Seat& seat : seats_) {
        auto adopt = [seat](const storage::FleetView& view) {
            seat.worker->post([share = seat.share, view] { share->adopt(view); });
        };
        seats.push_back({&seat.share->status(), std::move(adopt)});
    }
    return agent_.start(std::move(seats));
}

void SharedQuota::counted(std::span<const domain::UsageView> events,
                          std::span<const domain::PurseTotal> totals) {
    auto calls = std::make_shared<std::vector<base::RequestId>>();
    calls->reserve(events.size());
    for (const domain::UsageView& event : events) calls->emplace_back(std::string(event.request_id));
    auto sums = std::make_shared<std::vector<domain::PurseTotal>>(totals.begin(), totals.end());
    for (const std::string& name : untold(events, totals)) {
        const auto total = ledger_.purse_total(name);
        if (total) sums->push_back({name, *total});
    }
    for (const Seat& seat : seats_) {
        seat.worker->post([share = seat.share, calls, sums] { share->counted(*calls, *sums); });
    }
}

void SharedQuota::tend(storage::Journal& journal) {
    const auto is_behind = [](const auto* status) { return status->is_overflown.load(); };
    if (std::ranges::none_of(statuses_, is_behind)) return;
    std::vector<std::uint64_t> forgotten;
    for (const auto* status : statuses_) forgotten.push_back(status->forgotten.load());
    if (!journal.flush(flush_time)) return;
    for (std::size_t i = 0; i < seats_.size(); ++i) {
        seats_[i].worker->post([share = seats_[i].share, count = forgotten[i]] { share->caught_up(count); });
    }
}

void SharedQuota::leave() {
    const auto is_clear = [this] {
        return std::ranges::all_of(statuses_,
                                   [](const auto* status) { return status->unconfirmed.load() == 0; });
    };
    const auto end = runtime::steady_now() + leave_time;
    while (!is_clear() && runtime::steady_now() < end) pause_.try_acquire_for(leave_look);
    const bool is_complete = agent_.summary().is_complete && !agent_.summary().is_local;
    agent_.stop();
    if (!is_clear() || !is_complete) return; // the next start begins a new epoch
    const auto left = agent_.leave();
    if (!left) telemetry::log_warn("the registry of nodes was not told of the end", {});
}

void SharedQuota::report(Health& health) const {
    const auto fleet = agent_.summary();
    const bool is_refused =
        std::ranges::any_of(statuses_, [](const auto* status) { return status->is_refused.load(); });
    const bool is_up =
        std::ranges::all_of(statuses_, [](const auto* status) { return status->is_up.load(); });
    health.set_redis(is_refused                   ? RedisState::refused
                     : fleet.is_local             ? RedisState::local
                     : is_up && fleet.is_complete ? RedisState::ok
                     : is_up                      ? RedisState::rebuilding
                                                  : RedisState::unreachable);
}

} // namespace tollgate::app
