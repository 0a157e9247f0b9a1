// What serves /v1 on one worker: authenticate, read the call, admit, route, forward and relay, settle. Built
// by the application for each worker; used on that worker's thread.
#pragma once

#include "tollgate/base/digest.hpp"
#include "tollgate/domain/breaker.hpp"
#include "tollgate/domain/catalogue.hpp"
#include "tollgate/domain/routing.hpp"
#include "tollgate/gateway/tariff.hpp"
#include "tollgate/http/handler.hpp"
#include "tollgate/ports/key_cache.hpp"
#include "tollgate/ports/key_store.hpp"
#include "tollgate/ports/ledger.hpp"
#include "tollgate/ports/quota_store.hpp"
#include "tollgate/runtime/blocking_pool.hpp"
#include "tollgate/runtime/worker.hpp"
#include "tollgate/storage/journal.hpp"
#include "tollgate/telemetry/metrics.hpp"
#include "tollgate/upstream/provider.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace tollgate::gateway {

struct GatewaySettings {
    std::chrono::milliseconds key_cache_time{300'000};
    std::chrono::milliseconds unknown_key_cache_time{5'000};
    std::size_t key_cache_entries = 100'000;
    std::uint32_t account_concurrency = 5;
    std::vector<std::string> trusted_proxies{};
};

/// What changes only by a reload; shared by all workers, never written.
struct GatewaySnapshot {
    std::vector<upstream::Provider> providers{}; // in the order of the router's names
    domain::Router router;
    domain::Catalogue catalogue{};
    Tariff tariff{};
};

/// Everything that outlives the gateway of a worker.
struct GatewayServices {
    runtime::Worker& worker;
    runtime::BlockingPool& pool;
    ports::KeyStore& keys;
    ports::QuotaStore& quota;
    ports::Ledger& ledger;
    storage::Journal& journal;
    ports::KeyCache* shared_keys; // records that nodes share, in front of keys; nullptr: this node is alone
    telemetry::MetricShard&
        metrics; // endpoints in the order of domain::Endpoint, providers in the snapshot's
};

/// A provider as this worker sees it.
struct CredentialState {
    domain::BreakerState breaker = domain::BreakerState::closed;
    std::uint32_t failures = 0;               // in a row
    std::chrono::milliseconds opens_again{0}; // until a trial may be made; 0 unless it is open
};

struct ProviderState {
    std::string name{};
    std::string base_url{};
    std::uint32_t attempts = 0;
    std::vector<CredentialState> credentials{};
};

class WorkerGateway : public http::Handler {
public:
    /// These keys have changed: what the worker remembers of them is no longer good.
    virtual void forget_key(const base::Digest& secret) = 0;

    /// It has changed, and nodes may share an older record: it is read from the store until trust_key().
    virtual void doubt_key(const base::Digest& secret) = 0;
    virtual void trust_key(const base::Digest& secret) = 0;
    virtual void forget_all_keys() = 0;

    /// Calls that begin from now on go by this snapshot; those under way keep theirs to the end.
    virtual void adopt(std::shared_ptr<const GatewaySnapshot> snapshot) = 0;

    /// For the dashboard; on the worker's thread.
    virtual std::vector<ProviderState> providers(base::SteadyTime now) const = 0;

    /// How often the key store was asked.
    virtual std::uint64_t key_look_ups() const = 0;

    /// Closes what has been idle too long; called every few seconds.
    virtual void tidy(base::SteadyTime now) = 0;
};

std::unique_ptr<WorkerGateway> make_gateway(GatewayServices services,
                                            std::shared_ptr<const GatewaySnapshot> snapshot,
                                            GatewaySettings settings);

} // namespace tollgate::gateway
