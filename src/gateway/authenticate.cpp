#include "gateway/authenticate.hpp"

#include "gateway/credential.hpp"
#include "tollgate/http/client_address.hpp"
#include "tollgate/runtime/clock.hpp"
#include "tollgate/runtime/own_frame.hpp"

#include <utility>

namespace tollgate::gateway {

namespace {

using base::ErrorCode;
using base::Result;
using runtime::Task;

constexpr std::chrono::seconds look_up_time{10};

} // namespace

Task<Result<Principal>> Authenticate::operator()(const http::Exchange& exchange) {
    const auto credential = find_credential(exchange.head().fields);
    if (!credential) co_return std::unexpected(credential.error());
    const base::Digest secret = base::sha256(*credential);
    Found found;
    if (const auto cached = cache_.find(secret, runtime::turn_now())) { // as a rule
        found.key = *cached;
    } else {
        auto sought = co_await find_key(secret, Source::shared_first);
        if (!sought) co_return std::unexpected(sought.error());
        found = std::move(*sought);
    }
    CachedKey key = std::move(found.key);
    if (!key)
        co_return base::reject(ErrorCode::invalid_key,
                               "the API key is not known here; it may be mistyped or of another gateway");
    const auto usable = domain::check_usable(*key, runtime::wall_now());
    if (!usable) co_return std::unexpected(usable.error());
    std::string address =
        http::find_client_address(exchange.peer_address(), exchange.head().fields, services_.trusted_proxies);
    if (!domain::is_address_allowed(key->key.policy, address)) {
        co_return base::reject(ErrorCode::address_not_allowed,
                               "this key may not be used from the address " + address);
    }
    Principal principal(std::move(key), std::move(address), secret);
    principal.is_just_read_ = found.is_just_read;
    co_return principal;
}

TG_OWN_FRAME Task<Result<Principal>> Authenticate::again(Principal principal) {
    const auto cached = cache_.find(principal.secret_, runtime::steady_now());
    const bool is_newer = cached && *cached && (*cached)->key.generation > principal.key().generation;
    if (cached && !is_newer) cache_.forget(principal.secret_);
    // What nodes share may be as old as what this worker had.
    auto found = co_await find_key(principal.secret_, Source::store);
    if (!found) co_return std::unexpected(found.error());
    CachedKey key = std::move(found->key);
    if (!key) co_return base::reject(ErrorCode::invalid_key, "the API key is no longer valid");
    const auto usable = domain::check_usable(*key, runtime::wall_now());
    if (!usable) co_return std::unexpected(usable.error());
    Principal renewed(std::move(key), std::move(principal.client_address_), principal.secret_);
    renewed.is_just_read_ = found->is_just_read;
    co_return renewed;
}

Task<Result<Authenticate::Found>> Authenticate::find_key(base::Digest secret, Source source) {
    const auto cached = cache_.find(secret, runtime::turn_now());
    if (cached) co_return Found{*cached};
    const auto flight = flights_.find(secret);
    if (flight == flights_.end()) co_return co_await look_up(secret, source);
    Flight& underway = *flight->second;
    const auto landed = co_await underway.landed.wait(services_.worker.deadlines(), look_up_time,
                                                      ErrorCode::storage_unavailable);
    if (!landed)
        co_return base::fail(ErrorCode::storage_unavailable, base::ErrorSource::storage,
                             "the key store does not answer; try again");
    // The leader's frame may be gone by now: what it found is in the cache, else it is asked for once more.
    const auto found = cache_.find(secret, runtime::steady_now());
    if (found) co_return Found{*found};
    co_return co_await look_up(secret, source);
}

TG_OWN_FRAME Task<Result<Authenticate::Found>> Authenticate::look_up(base::Digest secret, Source source) {
    Flight flight;
    const bool leads = flights_.try_emplace(secret, &flight).second;
    const std::uint64_t epoch = cache_.epoch();
    auto found = co_await ask(secret, source);
    if (leads) flights_.erase(secret);
    if (found) cache_.put(secret, found->key, epoch, runtime::steady_now());
    flight.landed.raise();
    co_return found;
}

void Authenticate::doubt(const base::Digest& secret) {
    cache_.forget(secret);
    ++doubted_[secret];
}

void Authenticate::trust(const base::Digest& secret) {
    const auto found = doubted_.find(secret);
    if (found != doubted_.end() && --found->second <= 0) doubted_.erase(found);
    cache_.forget(secret);
}

Task<Result<Authenticate::Found>> Authenticate::ask(base::Digest secret, Source source) {
    if (services_.shared != nullptr && source == Source::shared_first && !doubted_.contains(secret)) {
        auto found = co_await services_.shared->find(secret);
        if (found && !found->record) co_return Found();
        if (found) co_return Found{std::make_shared<const domain::KeyRecord>(std::move(*found->record))};
    }
    ++look_ups_;
    auto read = [this, secret] { return services_.keys.find_by_secret(secret); };
    const auto record = co_await services_.pool.run(services_.worker.loop(), std::move(read));
    if (!record) {
        co_return base::fail(ErrorCode::storage_unavailable, base::ErrorSource::storage,
                             "the key store cannot be reached; try again");
    }
    if (services_.shared != nullptr) services_.shared->fill(secret, ports::CachedRecord{*record});
    Found found{.is_just_read = true};
    if (*record) found.key = std::make_shared<const domain::KeyRecord>(**record);
    co_return found;
}

} // namespace tollgate::gateway
