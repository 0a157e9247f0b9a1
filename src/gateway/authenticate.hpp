// First stage of the line: presented key → Principal, through the worker's cache, then the key store on the
// blocking pool, one look-up at a time for each secret. Where nodes share records, those are asked before the
// store.
#pragma once

#include "gateway/key_cache.hpp"
#include "gateway/principal.hpp"
#include "tollgate/http/exchange.hpp"
#include "tollgate/ports/key_cache.hpp"
#include "tollgate/ports/key_store.hpp"
#include "tollgate/runtime/blocking_pool.hpp"
#include "tollgate/runtime/signal.hpp"

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace tollgate::gateway {

struct AuthenticateServices {
    runtime::Worker& worker;
    ports::KeyStore& keys;
    runtime::BlockingPool& pool;
    ports::KeyCache* shared =
        nullptr; // records that nodes share, in front of the store; empty: there are none
    KeyCacheRules cache{};
    std::vector<std::string> trusted_proxies{};
};

class Authenticate {
public:
    explicit Authenticate(AuthenticateServices services)
        : services_(std::move(services)), cache_(services_.cache) {}

    /// Errors: those of find_credential(), check_usable(), invalid_key, address_not_allowed;
    /// storage_unavailable when the store cannot be asked (never a 401).
    runtime::Task<base::Result<Principal>> operator()(const http::Exchange& exchange);

    /// Reads the key again after the quota store has said that it changed.
    runtime::Task<base::Result<Principal>> again(Principal principal);

    KeyCache& cache() { return cache_; }

    /// The records that nodes share may be older than a change: not asked for this secret meanwhile.
    void doubt(const base::Digest& secret);
    void trust(const base::Digest& secret);
    std::uint64_t look_ups() const { return look_ups_; } // that reached the store

private:
    struct Flight {
        runtime::Signal landed{};
    };

    struct Found {
        CachedKey key{};
        bool is_just_read = false; // from the store, by who asks
    };

    enum class Source { shared_first, store };
    runtime::Task<base::Result<Found>> find_key(base::Digest secret, Source source);
    runtime::Task<base::Result<Found>> look_up(base::Digest secret, Source source);
    runtime::Task<base::Result<Found>> ask(base::Digest secret, Source source);

    AuthenticateServices services_;
    KeyCache cache_;
    std::unordered_map<base::Digest, Flight*> flights_;
    std::unordered_map<base::Digest, int> doubted_; // how many changes are not shared yet
    std::uint64_t look_ups_ = 0;
};

} // namespace tollgate::gateway
