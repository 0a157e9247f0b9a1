// The line on one worker. serve() in gateway.cpp names every stage in order; nothing else sits on the path.
#pragma once

#include "gateway/access_line.hpp"
#include "gateway/admit.hpp"
#include "gateway/authenticate.hpp"
#include "gateway/forward.hpp"
#include "gateway/operation.hpp"
#include "gateway/settle.hpp"
#include "tollgate/gateway/gateway.hpp"

#include <memory>
#include <vector>

namespace tollgate::gateway {

class Gateway final : public WorkerGateway {
public:
    Gateway(GatewayServices services, std::shared_ptr<const GatewaySnapshot> snapshot,
            GatewaySettings settings);

    runtime::Task<> serve(http::Exchange& exchange) override;

    void forget_key(const base::Digest& secret) override { authenticate_.cache().forget(secret); }
    void forget_all_keys() override { authenticate_.cache().forget_all(); }
    void tidy(base::SteadyTime now) override;

private:
    using Upstreams = std::vector<std::unique_ptr<upstream::Upstream>>;
    static Upstreams make_upstreams(runtime::Worker& worker, runtime::Resolver& resolver,
                                    const GatewaySnapshot& snapshot);

    runtime::Task<> tell_holder(http::Exchange& exchange, AccessLine& line, const Principal& principal,
                                const Operation& operation);
    runtime::Task<base::Result<std::string>> tell_money(const Principal& principal,
                                                        const Operation& operation);
    runtime::Task<> refuse(http::Exchange& exchange, AccessLine& line, const base::Error& error,
                           const std::optional<domain::QuotaNumbers>& numbers = std::nullopt);
    runtime::Task<base::Result<domain::Call>> read_call(http::Exchange& exchange, domain::Endpoint endpoint,
                                                        std::string& body);

    GatewayServices services_;
    std::shared_ptr<const GatewaySnapshot> snapshot_;
    GatewaySettings settings_;
    runtime::Resolver resolver_;
    Purses purses_;
    Upstreams upstreams_;
    Authenticate authenticate_;
    Admit admit_;
    Forward forward_;
    Settle settle_;
};

} // namespace tollgate::gateway
