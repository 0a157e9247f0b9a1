// The line on one worker. serve() and prepare() in gateway.cpp name every stage in order; nothing else sits
// on the path.
#pragma once

#include "gateway/access_line.hpp"
#include "gateway/authenticate.hpp"
#include "gateway/edition.hpp"
#include "gateway/operation.hpp"
#include "tollgate/gateway/gateway.hpp"
#include "tollgate/runtime/own_frame.hpp"

#include <memory>
#include <optional>

namespace tollgate::gateway {

class Gateway final : public WorkerGateway {
public:
    Gateway(GatewayServices services, std::shared_ptr<const GatewaySnapshot> snapshot,
            GatewaySettings settings);

    runtime::Task<> serve(http::Exchange& exchange) override;

    void forget_key(const base::Digest& secret) override { authenticate_.cache().forget(secret); }
    void doubt_key(const base::Digest& secret) override { authenticate_.doubt(secret); }
    void trust_key(const base::Digest& secret) override { authenticate_.trust(secret); }
    void forget_all_keys() override { authenticate_.cache().forget_all(); }
    void adopt(std::shared_ptr<const GatewaySnapshot> snapshot) override;
    std::vector<ProviderState> providers(base::SteadyTime now) const override {
        return edition_->providers(now);
    }
    std::uint64_t key_look_ups() const override { return authenticate_.look_ups(); }
    void tidy(base::SteadyTime now) override { edition_->close_idle_connections(now); }

private:
    std::shared_ptr<Edition> make_edition(std::shared_ptr<const GatewaySnapshot> snapshot);

    /// The stages before a call goes upstream; nothing in `admission`: the client has its answer. What they
    /// need is gone while a stream runs.
    TG_OWN_FRAME runtime::Task<> prepare(http::Exchange& exchange, AccessLine& line, Edition& edition,
                                         std::optional<Admission>& admission);
    TG_OWN_FRAME runtime::Task<> tell_holder(http::Exchange& exchange, AccessLine& line,
                                             const Principal& principal, const Operation& operation);
    runtime::Task<base::Result<std::string>> tell_money(const Principal& principal,
                                                        const Operation& operation);
    TG_OWN_FRAME runtime::Task<> refuse(http::Exchange& exchange, AccessLine& line, const base::Error& error,
                                        const std::optional<domain::QuotaNumbers>& numbers = std::nullopt);

    GatewayServices services_;
    GatewaySettings settings_;
    runtime::Resolver resolver_;
    Purses purses_;
    Authenticate authenticate_;
    std::shared_ptr<Edition> edition_;
};

} // namespace tollgate::gateway
