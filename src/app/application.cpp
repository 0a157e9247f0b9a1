#include "app/application.hpp"

#include "app/dashboard_settings.hpp"
#include "app/host_name.hpp"
#include "app/make_snapshot.hpp"
#include "app/notify.hpp"
#include "app/open_storage.hpp"
#include "app/reload.hpp"
#include "app/server_tls.hpp"
#include "tollgate/runtime/clock.hpp"
#include "tollgate/telemetry/log.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <csignal>
#include <thread>
#include <utility>

namespace tollgate::app {

namespace {

using base::Result;

constexpr std::chrono::milliseconds drain_poll_period{20};
constexpr std::chrono::seconds cut_time{5};
constexpr std::chrono::seconds flush_time{3};
constexpr std::chrono::seconds storage_patience{60}; // for a database that is not there yet at the start
constexpr std::chrono::milliseconds storage_pause{500};
constexpr std::size_t embedded_threads = 4;
constexpr std::size_t blocking_queue = 10'000;
// A page asks for a handful of things at once; one thread hashes some 30 passwords a second.
constexpr std::size_t dashboard_threads = 2;
constexpr std::size_t dashboard_queue = 500;
constexpr std::size_t hashing_threads = 1;
constexpr std::size_t hashing_queue = 50;
constexpr std::size_t metrics_connections = 64;

/// Of the pool for blocking calls. Two connections are left to the journal and to who follows changes.
std::size_t blocking_threads(const config::Storage& storage) {
    if (storage.is_embedded()) return embedded_threads;
    return std::max<std::size_t>(1, storage.postgresql.connections - 2);
}

std::size_t worker_count(const config::Server& server) {
    if (server.workers > 0) return server.workers;
    return std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

http::ExchangeLimits exchange_limits(const config::Server::Limits& limits) {
    http::ExchangeLimits result;
    result.head = {.bytes = limits.head, .fields = limits.headers};
    result.body = limits.body;
    result.head_time = limits.head_time;
    result.body_time = limits.body_time;
    result.idle_time = limits.idle_time;
    return result;
}

} // namespace

Application::Application(const config::Config& config, ConfigReader read_again)
    : config_(config),
      read_again_(std::move(read_again)),
      labels_(metric_labels(config)),
      pool_(blocking_threads(config.storage), blocking_queue),
      dashboard_pool_(dashboard_threads, dashboard_queue),
      hashing_pool_(hashing_threads, hashing_queue) {}

Application::~Application() {
    totals_.share(nullptr);
    if (fleet_) fleet_->stop();
    key_watch_.reset();
    if (metrics_worker_) {
        metrics_worker_->stop();
        metrics_worker_->join();
    }
    for (const auto& unit : workers_) unit->worker().stop();
    for (const auto& unit : workers_) unit->worker().join();
    dashboard_pool_.join();
    hashing_pool_.join();
    pool_.join(); // what still runs there refers to coroutines that the workers own
}

Result<void> Application::start() {
    const auto opened_storage = open_storage_and_journal();
    if (!opened_storage) return opened_storage;
    const auto snapshot = make_snapshot(config_, labels_);
    if (!snapshot) return std::unexpected(snapshot.error());
    metrics_ = std::make_unique<telemetry::Metrics>(labels_, worker_count(config_.server));
    const auto prepared = prepare_dashboard();
    if (!prepared) return prepared;
    const Snapshots snapshots{*snapshot, model_list(**snapshot)};
    const SharedParts shared{pool_,       storage_->keys(), quota_,  storage_->ledger(),
                             *journal_,   *metrics_,        health_, *dashboard_parts_,
                             fleet_.get()};
    const gateway::GatewaySettings settings = gateway_settings(config_);
    for (std::size_t index = 0; index < worker_count(config_.server); ++index) {
        workers_.push_back(std::make_unique<WorkerUnit>(index, shared, snapshots, settings));
    }
    const auto started_fleet = start_fleet();
    if (!started_fleet) return started_fleet;
    const auto opened = open_listeners();
    if (!opened) return opened;
    const auto opened_metrics = open_metrics();
    if (!opened_metrics) return opened_metrics;
    const auto changes = storage_->keys().changes_since(0);
    if (!changes) return std::unexpected(changes.error());
    key_sequence_ = changes->last_sequence;
    for (const auto& unit : workers_) unit->start();
    const auto retained = start_retention();
    if (!retained) return retained;
    say_ready();
    return {};
}

Result<void> Application::start_retention() {
    const auto zone = base::TimeZone::load(config_.billing.time_zone);
    if (!zone) return std::unexpected(zone.error());
    retention_ =
        std::make_unique<Retention>(control_, pool_, storage_->ledger(),
                                    RetentionRules{.zone = *zone,
                                                   .kept = std::chrono::days(config_.usage.retention_days),
                                                   .now = runtime::wall_now});
    retention_->start();
    return {};
}

Result<std::unique_ptr<ports::Storage>> Application::wait_for_storage() {
    const base::SteadyTime end = runtime::steady_now() + storage_patience;
    bool is_first = true;
    while (true) {
        auto storage = open_storage(config_.storage);
        if (storage || storage.error().retry == base::Retry::no || runtime::steady_now() >= end)
            return storage;
        // Machines that start together: the database may need a moment more.
        if (std::exchange(is_first, false)) {
            telemetry::log_warn("waiting for the database",
                                {{"reason", std::string_view(storage.error().message)}});
        }
        drain_timer_.expires_after(storage_pause);
        drain_timer_.wait();
    }
}

Result<void> Application::open_storage_and_journal() {
    auto storage = wait_for_storage();
    if (!storage) return std::unexpected(storage.error());
    storage_ = std::move(*storage);
    if (config_.storage.redis) {
        auto fleet = SharedQuota::open(config_, *storage_);
        if (!fleet) return std::unexpected(fleet.error());
        fleet_ = std::move(*fleet);
    }
    storage::JournalSettings settings;
    settings.directory = config_.storage.journal;
    settings.node = fleet_ ? fleet_->node() : "local";
    settings.now = runtime::wall_now;
    settings.listener = &totals_;
    auto journal = storage::Journal::open(settings, storage_->ledger());
    if (!journal) return std::unexpected(journal.error());
    journal_ = std::move(*journal);
    const storage::JournalRecovery& recovery = journal_->recovery();
    if (recovery.ended + recovery.interrupted > 0) {
        telemetry::log_warn("recovered calls of a process that had died",
                            {{"ended", recovery.ended},
                             {"interrupted", recovery.interrupted},
                             {"counted", recovery.counted}});
    }
    return {};
}

Result<void> Application::prepare_dashboard() {
    const std::string name = fleet_ ? fleet_->node() : "local";
    auto settings = dashboard_settings(config_, name);
    if (!settings) return std::unexpected(settings.error());
    const dashboard::NodeStatus self{.name = name,
                                     .host = host_name(),
                                     .version = (*settings)->version,
                                     .started_at = runtime::wall_now()};
    cluster_ = std::make_unique<ClusterView>(workers_, health_, self);
    dashboard_parts_ = std::make_unique<DashboardParts>(
        DashboardParts{dashboard_pool_, hashing_pool_, *storage_, *cluster_, std::move(*settings)});
    return {};
}

/// The workers have their shares, and none runs yet.
Result<void> Application::start_fleet() {
    if (!fleet_) return {};
    const auto started = fleet_->start();
    if (!started) return started;
    totals_.share(fleet_.get());
    fleet_->report(health_);
    return {};
}

Result<void> Application::open_listeners() {
    if (config_.server.tls.is_on()) {
        auto tls = make_server_tls(config_.server.tls);
        if (!tls) return std::unexpected(tls.error());
        server_tls_ = std::move(*tls);
    }
    for (const config::ListenAddress& address : config_.server.listen) {
        const auto opened = open_listener(address);
        if (!opened) return opened;
    }
    return {};
}

Result<void> Application::open_listener(const config::ListenAddress& address) {
    server::ListenerOptions options;
    options.limits = exchange_limits(config_.server.limits);
    options.connections = std::max<std::size_t>(1, config_.server.limits.connections / workers_.size());
    options.tls = server_tls_;
    server::Address where{address.host, address.port, address.unix_path};
    for (const auto& unit : workers_) {
        auto socket = server::open_socket(where);
        if (!socket) return std::unexpected(socket.error());
        if (where.unix_path.empty())
            where.port = server::bound_port(*socket); // port 0: all workers share what the first got
        unit->listen(std::move(*socket), options);
        if (!where.unix_path.empty()) break; // a Unix socket has one owner
    }
    config::ListenAddress bound = address;
    bound.port = where.port;
    const std::string scheme = server_tls_ ? "https://" : "http://";
    addresses_.push_back(bound.is_unix() ? to_string(bound) : scheme + to_string(bound));
    return {};
}

Result<void> Application::open_metrics() {
    if (!config_.telemetry.metrics_listen) return {};
    const config::ListenAddress& address = *config_.telemetry.metrics_listen;
    auto socket = server::open_socket({address.host, address.port, address.unix_path});
    if (!socket) return std::unexpected(socket.error());
    metrics_page_ = std::make_unique<MetricsPage>(*metrics_, *journal_);
    std::vector<const std::atomic<std::uint64_t>*> key_look_ups;
    for (const auto& unit : workers_) key_look_ups.push_back(&unit->key_look_ups());
    metrics_page_->show(fleet_.get(), std::move(key_look_ups));
    metrics_worker_ = std::make_unique<runtime::Worker>(workers_.size());
    server::ListenerOptions options;
    options.limits = exchange_limits(config_.server.limits);
    options.connections = metrics_connections;
    metrics_listener_ =
        std::make_unique<server::Listener>(*metrics_worker_, std::move(*socket), *metrics_page_, options);
    metrics_listener_->start();
    metrics_worker_->start();
    return {};
}

void Application::say_ready() const {
    for (const std::string& address : addresses_)
        telemetry::log_info("listening", {{"address", std::string_view(address)}});
    if (config_.providers.empty())
        telemetry::log_warn("no provider is configured: every call will be answered 503", {});
    notify_service_manager("READY=1");
}

void Application::watch_key_changes() {
    key_watch_ = std::make_unique<KeyWatch>(
        storage_->keys(), key_sequence_, [this](base::Result<ports::KeyChanges> changes) {
            boost::asio::post(control_, [this, changes = std::move(changes)] { take_key_changes(changes); });
        });
}

void Application::take_key_changes(const Result<ports::KeyChanges>& changes) {
    health_.set_database(changes ? Reach::ok : Reach::failed);
    health_.set_journal(journal_->is_healthy() ? Reach::ok : Reach::failed);
    if (fleet_) {
        fleet_->tend(*journal_);
        fleet_->report(health_);
    }
    if (!changes) return;
    std::vector<base::Digest> secrets;
    for (const ports::KeyChange& change : changes->changes) secrets.push_back(change.secret);
    for (const auto& unit : workers_) {
        if (!changes->complete) unit->forget_all_keys();
        if (!secrets.empty()) unit->forget_keys(secrets);
    }
    if (fleet_) fleet_->followed();
    // Edits that nobody of us has made, and changes that Redis was not told of.
    if (secrets.empty()) return;
    auto trust = [this](const base::Digest& secret) {
        for (const auto& unit : workers_) unit->trust_key(secret);
    };
    workers_.front()->refresh_shared_keys(std::move(secrets), config_.keys.cache_time, std::move(trust));
}

void Application::run_until_signal() {
    signals_.add(SIGTERM);
    signals_.add(SIGINT);
    signals_.add(SIGHUP);
    wait_for_signal();
    watch_key_changes();
    control_.run();
}

void Application::wait_for_signal() {
    signals_.async_wait([this](const boost::system::error_code& error, int signal) {
        if (error) return;
        if (signal != SIGHUP) return control_.stop();
        reload();
        wait_for_signal();
    });
}

void Application::reload() {
    notify_service_manager("RELOADING=1");
    const auto read = read_again_();
    const auto adopted = read ? adopt(*read) : base::Result<void>(std::unexpected(read.error()));
    if (adopted) {
        telemetry::log_info("reloaded", {{"providers", config_.providers.size()}});
    } else {
        telemetry::log_error("reload refused, nothing is changed",
                             {{"cause", std::string_view(adopted.error().message)}});
    }
    notify_service_manager("READY=1");
}

Result<void> Application::adopt(const config::Config& settings) {
    config::Config next = reloaded(config_, settings);
    const auto snapshot = make_snapshot(next, labels_);
    if (!snapshot) return std::unexpected(snapshot.error());
    std::shared_ptr<ssl_ctx_st> tls;
    if (next.server.tls.is_on()) {
        auto made = make_server_tls(next.server.tls);
        if (!made) return std::unexpected(made.error());
        tls = std::move(*made);
    }
    for (const std::string& name : settings_for_restart(config_, settings))
        telemetry::log_warn("a changed setting waits for a restart", {{"setting", std::string_view(name)}});
    const Snapshots snapshots{*snapshot, model_list(**snapshot)};
    for (const auto& unit : workers_) {
        unit->adopt(snapshots);
        if (tls) unit->use_tls(tls);
    }
    telemetry::set_log_level(static_cast<telemetry::LogLevel>(next.telemetry.log_level));
    config_ = std::move(next);
    return {};
}

std::size_t Application::connections() const {
    std::size_t open = 0;
    for (const auto& unit : workers_) open += unit->connections();
    return open;
}

void Application::drain() {
    telemetry::log_info("draining", {{"connections", connections()}});
    notify_service_manager("STOPPING=1");
    health_.set_draining();
    if (metrics_worker_) {
        metrics_worker_->post([this] {
            metrics_listener_->drain();
            metrics_listener_->cut();
        });
    }
    for (const auto& unit : workers_) unit->begin_drain();
    wait_until_drained(std::chrono::steady_clock::now() + config_.server.drain_timeout);
    if (is_drained()) return leave_fleet();
    telemetry::log_warn("cutting connections that did not end in time", {{"connections", connections()}});
    for (const auto& unit : workers_) unit->cut();
    // What was cut ends by itself: every wait can be called off.
    wait_until_drained(std::chrono::steady_clock::now() + cut_time);
}

/// Nothing is in flight: if the ledger has everything, no other node has to wait for this one's return.
void Application::leave_fleet() {
    if (fleet_ && journal_->flush(flush_time)) fleet_->leave();
}

bool Application::is_drained() const {
    return std::ranges::all_of(workers_, [](const auto& unit) { return unit->is_drained(); });
}

void Application::wait_until_drained(base::SteadyTime deadline) {
    control_.restart();
    look_at_drain(deadline);
    control_.run();
}

void Application::look_at_drain(base::SteadyTime deadline) {
    if (is_drained() || std::chrono::steady_clock::now() >= deadline) return control_.stop();
    drain_timer_.expires_after(drain_poll_period);
    drain_timer_.async_wait([this, deadline](const boost::system::error_code& error) {
        if (!error) look_at_drain(deadline);
    });
}

} // namespace tollgate::app
