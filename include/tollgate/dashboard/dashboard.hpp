// The management API below /api and the web page, on one worker. Built by the application for each worker;
// used on that worker's thread. Storage is asked on the blocking pool.
#pragma once

#include "tollgate/base/secret.hpp"
#include "tollgate/base/time_zone.hpp"
#include "tollgate/dashboard/cluster.hpp"
#include "tollgate/dashboard/model_list.hpp"
#include "tollgate/http/handler.hpp"
#include "tollgate/ports/storage.hpp"
#include "tollgate/runtime/blocking_pool.hpp"
#include "tollgate/runtime/worker.hpp"
#include "tollgate/telemetry/metrics.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace tollgate::dashboard {

enum class Registration { open, invite, closed };
enum class Transport { plain, tls };
enum class Wallets { off, on };

struct DashboardSettings {
    std::string version{};
    Registration registration = Registration::open;
    std::vector<base::Secret> session_secrets{}; // the first signs, all are accepted; never empty
    std::chrono::seconds session_time{12 * 3600};
    std::uint32_t account_concurrency = 5;
    std::uint32_t default_rate_limit = 60;
    std::uint32_t max_rate_limit = 10'000;
    std::vector<std::string> trusted_proxies{};
    Transport transport = Transport::plain;
    std::string currency = "INR";
    std::string time_zone{};
    base::TimeZone zone{};
    std::string usd_rate{};
    std::string buffer{};
    std::string markup{};
    Wallets wallets = Wallets::off;
    std::uint32_t retention_days = 400;
    std::string node{};
};

/// Everything that outlives the dashboard of a worker.
struct DashboardServices {
    runtime::Worker& worker;
    runtime::BlockingPool& pool;
    runtime::BlockingPool& hashing; // one or two threads for passwords, so that logins cannot starve the rest
    ports::Storage& storage;
    const Cluster& cluster;
    telemetry::MetricShard& metrics; // of the worker; its routes are route_labels()
};

class WorkerDashboard : public http::Handler {
public:
    /// The catalogue from now on; call it on the worker's thread.
    virtual void take_models(std::shared_ptr<const ModelList> models) = 0;
};

/// What requests are counted by: every call of the API, and the page with all of its files.
std::vector<telemetry::RouteLabel> route_labels();

std::unique_ptr<WorkerDashboard> make_dashboard(DashboardServices services,
                                                std::shared_ptr<const DashboardSettings> settings,
                                                std::shared_ptr<const ModelList> models);

} // namespace tollgate::dashboard
