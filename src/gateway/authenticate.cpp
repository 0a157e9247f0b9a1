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
    auto key = co_await find_key(secret);
    if (!key) co_return std::unexpected(key.error());
    if (!*key)
        co_return base::reject(ErrorCode::invalid_key,
                               "the API key is not known here; it may be mistyped or of another gateway");
    const auto usable = domain::check_usable(**key, runtime::wall_now());
    if (!usable) co_return std::unexpected(usable.error());
    std::string address =
        http::find_client_address(exchange.peer_address(), exchange.head().fields, services_.trusted_proxies);
    if (!domain::is_address_allowed((*key)->key.policy, address)) {
        co_return base::reject(ErrorCode::address_not_allowed,
                               "this key may not be used from the address " + address);
    }
    co_return Principal(std::move(*key), std::move(address), secret);
}

TG_OWN_FRAME Task<Result<Principal>> Authenticate::again(Principal principal) {
    cache_.forget(principal.secret_);
    auto key = co_await find_key(principal.secret_);
    if (!key) co_return std::unexpected(key.error());
    if (!*key) co_return base::reject(ErrorCode::invalid_key, "the API key is no longer valid");
    const auto usable = domain::check_usable(**key, runtime::wall_now());
    if (!usable) co_return std::unexpected(usable.error());
    co_return Principal(std::move(*key), std::move(principal.client_address_), principal.secret_);
}

Task<Result<CachedKey>> Authenticate::find_key(base::Digest secret) {
    const auto cached = cache_.find(secret, runtime::steady_now());
    if (cached) co_return *cached;
    const auto flight = flights_.find(secret);
    if (flight == flights_.end()) co_return co_await look_up(secret);
    Flight& underway = *flight->second;
    const auto landed = co_await underway.landed.wait(services_.worker.deadlines(), look_up_time,
                                                      ErrorCode::storage_unavailable);
    if (!landed)
        co_return base::fail(ErrorCode::storage_unavailable, base::ErrorSource::storage,
                             "the key store does not answer; try again");
    // The leader's frame may be gone by now: what it found is in the cache, else it is asked for once more.
    const auto found = cache_.find(secret, runtime::steady_now());
    if (found) co_return *found;
    co_return co_await look_up(secret);
}

TG_OWN_FRAME Task<Result<CachedKey>> Authenticate::look_up(base::Digest secret) {
    Flight flight;
    const bool leads = flights_.try_emplace(secret, &flight).second;
    const std::uint64_t epoch = cache_.epoch();
    ++look_ups_;
    auto ask = [this, secret] { return services_.keys.find_by_secret(secret); };
    const auto record = co_await services_.pool.run(services_.worker.loop(), std::move(ask));
    if (leads) flights_.erase(secret);
    Result<CachedKey> key = CachedKey();
    if (!record) {
        key = base::fail(ErrorCode::storage_unavailable, base::ErrorSource::storage,
                         "the key store cannot be reached; try again");
    } else {
        if (*record) key = std::make_shared<const domain::KeyRecord>(**record);
        cache_.put(secret, *key, epoch, runtime::steady_now());
    }
    flight.landed.raise();
    co_return key;
}

} // namespace tollgate::gateway
