// Third stage: may this key make this call now? The pure checks first, then one atomic step of the quota
// store.
#pragma once

#include "gateway/admission.hpp"
#include "gateway/authenticate.hpp"
#include "tollgate/domain/quota.hpp"

#include <chrono>
#include <expected>
#include <optional>
#include <string>

namespace tollgate::gateway {

/// Why not, with the numbers for headers where the quota store was asked.
struct Refused {
    base::Error error{};
    std::optional<domain::QuotaNumbers> numbers{};
};

struct AdmitRules {
    std::uint32_t account_concurrency = 5; // where the account has none of its own; 0: no limit
    std::chrono::seconds lease{1'800};     // longer than any call may take
};

class Admit {
public:
    Admit(ports::QuotaStore& quota, Authenticate& authenticate, AdmitRules rules)
        : quota_(quota), authenticate_(authenticate), rules_(rules) {}

    /// Errors: model_not_allowed, requests_per_minute, tokens_per_minute, concurrency, budget_exceeded,
    /// budget_reserved, wallet_empty, storage_unavailable, and those of a key that changed meanwhile.
    runtime::Task<std::expected<Admission, Refused>> operator()(Principal principal, domain::Call call,
                                                                std::string body);

private:
    domain::Demand demand_of(const Principal& principal, const domain::Call& call) const;

    ports::QuotaStore& quota_;
    Authenticate& authenticate_;
    AdmitRules rules_;
};

/// The sentence, times and numbers of a refusal as an error.
base::Error describe(const domain::Refusal& refusal);

} // namespace tollgate::gateway
