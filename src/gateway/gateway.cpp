#include "gateway/gateway.hpp"

#include "gateway/holder.hpp"
#include "gateway/limit_fields.hpp"
#include "tollgate/http/error_response.hpp"
#include "tollgate/http/json_call.hpp"
#include "tollgate/runtime/clock.hpp"

#include <utility>

namespace tollgate::gateway {

namespace {

using base::Result;
using runtime::Task;

KeyCacheRules cache_rules(const GatewaySettings& settings) {
    KeyCacheRules rules;
    rules.found_time = settings.key_cache_time;
    rules.unknown_time = settings.unknown_key_cache_time;
    rules.found_entries = settings.key_cache_entries;
    return rules;
}

/// Under which the call is counted. Never the client's choice: two calls with one id would be charged once.
base::RequestId choose_id(const http::Exchange& exchange) {
    return exchange.is_id_ours() ? exchange.id() : base::new_request_id(runtime::wall_now());
}

} // namespace

Task<> Gateway::serve(http::Exchange& exchange) {
    AccessLine line(exchange, services_.metrics);
    const std::shared_ptr<Edition> edition = edition_; // a reload does not disturb a call under way
    std::optional<Admission> admission;
    co_await prepare(exchange, line, *edition, admission);
    if (!admission) co_return; // the client has its answer

    add_limit_fields(exchange.responder(), admission->numbers());
    Outcome& outcome = line.outcome();
    co_await edition->forward(exchange, *admission, outcome);  // always answers the client
    edition->settle(exchange, std::move(*admission), outcome); // does not wait, cannot fail
}

TG_OWN_FRAME Task<> Gateway::prepare(http::Exchange& exchange, AccessLine& line, Edition& edition,
                                     std::optional<Admission>& admission) {
    const auto operation = find_operation(exchange.head());
    if (!operation) co_return co_await refuse(exchange, line, operation.error());

    auto principal = co_await authenticate_(exchange);
    if (!principal) co_return co_await refuse(exchange, line, principal.error());
    line.know(*principal);

    const auto* endpoint = std::get_if<domain::Endpoint>(&*operation);
    if (endpoint == nullptr) co_return co_await tell_holder(exchange, line, *principal, *operation);

    auto body = exchange.take_body();
    if (!body) {
        auto read = co_await exchange.read_body();
        if (!read) co_return co_await refuse(exchange, line, read.error());
        body = std::move(*read);
    }
    auto call = http::parse_call(*body, *endpoint);
    if (!call) co_return co_await refuse(exchange, line, call.error());
    line.know(*call);

    Applicant applicant{std::move(*principal), std::move(*call), std::move(*body), choose_id(exchange)};
    const auto admitted = co_await edition.admit(std::move(applicant), admission);
    if (!admitted) {
        admission.reset();
        co_return co_await refuse(exchange, line, admitted.error().error, admitted.error().numbers);
    }
    if (admission->route()) co_return;
    co_await refuse(exchange, line, admission->route().error(), admission->numbers());
    admission.reset(); // frees what was reserved: nothing was sent
}

Task<> Gateway::refuse(http::Exchange& exchange, AccessLine& line, const base::Error& error,
                       const std::optional<domain::QuotaNumbers>& numbers) {
    line.know_reason(error.code);
    if (error.code == base::ErrorCode::client_gone) co_return; // in the middle of its request
    http::Responder& responder = exchange.responder();
    if (numbers) add_limit_fields(responder, *numbers);
    add_retry_fields(responder, error);
    if (error.code == base::ErrorCode::method_not_allowed)
        responder.add_field("allow", allowed_methods(exchange.head().path));
    const std::string body = http::error_body(error);
    const auto sent = co_await responder.send(http::status_of(error.code), "application/json", body);
    static_cast<void>(sent); // a client that has left needs no answer
}

Task<> Gateway::tell_holder(http::Exchange& exchange, AccessLine& line, const Principal& principal,
                            const Operation& operation) {
    Result<std::string> body;
    if (std::holds_alternative<ListModels>(operation)) {
        body = model_list_body(edition_->snapshot->catalogue, principal.policy());
    } else if (const auto* find = std::get_if<FindModel>(&operation)) {
        body = model_body(edition_->snapshot->router, principal.policy(), find->id);
    } else {
        body = co_await tell_money(principal, operation);
    }
    if (!body) co_return co_await refuse(exchange, line, body.error());
    const auto sent = co_await exchange.responder().send(200, "application/json", *body);
    static_cast<void>(sent);
}

Task<Result<std::string>> Gateway::tell_money(const Principal& principal, const Operation& operation) {
    const std::shared_ptr<Edition> edition = edition_;
    const Tariff& tariff = edition->snapshot->tariff;
    const base::WallTime now = runtime::wall_now();
    ports::Ledger& ledger = services_.ledger;
    runtime::Loop& loop = services_.worker.loop();
    if (std::holds_alternative<ShowCredits>(operation)) {
        auto ask = [&ledger, account = principal.key().account_id, now] {
            return ledger.wallet(account, now);
        };
        const auto wallet = co_await services_.pool.run(loop, std::move(ask));
        if (!wallet) co_return std::unexpected(wallet.error());
        co_return credits_body(*wallet, tariff.currency);
    }
    auto ask = [&ledger, key = principal.key().id, today = tariff.zone.day_at(now)] {
        return ledger.key_spend(key, today);
    };
    const auto spend = co_await services_.pool.run(loop, std::move(ask));
    if (!spend) co_return std::unexpected(spend.error());
    co_return key_body(principal.key(), *spend, tariff.currency);
}

Gateway::Gateway(GatewayServices services, std::shared_ptr<const GatewaySnapshot> snapshot,
                 GatewaySettings settings)
    : services_(services),
      settings_(std::move(settings)),
      resolver_(services.worker, services.pool),
      purses_(services.worker, services.pool, services.ledger),
      authenticate_({services.worker, services.keys, services.pool, services.shared_keys,
                     cache_rules(settings_), settings_.trusted_proxies}),
      edition_(make_edition(std::move(snapshot))) {}

std::shared_ptr<Edition> Gateway::make_edition(std::shared_ptr<const GatewaySnapshot> snapshot) {
    const EditionParts parts{
        services_, authenticate_, purses_, resolver_, {.account_concurrency = settings_.account_concurrency}};
    return std::make_shared<Edition>(parts, std::move(snapshot));
}

void Gateway::adopt(std::shared_ptr<const GatewaySnapshot> snapshot) {
    edition_ = make_edition(std::move(snapshot));
}

std::unique_ptr<WorkerGateway> make_gateway(GatewayServices services,
                                            std::shared_ptr<const GatewaySnapshot> snapshot,
                                            GatewaySettings settings) {
    return std::make_unique<Gateway>(services, std::move(snapshot), std::move(settings));
}

} // namespace tollgate::gateway
