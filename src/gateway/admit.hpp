// Third stage: may this key make this call now, and is there money for it? The pure checks first, then one
// atomic step of the quota store over every limit and purse. One per worker.
#pragma once

#include "gateway/admission.hpp"
#include "gateway/authenticate.hpp"
#include "gateway/purses.hpp"
#include "tollgate/domain/quota.hpp"
#include "tollgate/domain/routing.hpp"
#include "tollgate/gateway/tariff.hpp"
#include "tollgate/runtime/own_frame.hpp"
#include "tollgate/storage/journal.hpp"

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

struct AdmitServices {
    runtime::Worker& worker;
    ports::QuotaStore& quota;
    storage::Journal& journal;
    Authenticate& authenticate;
    Purses& purses;
    const domain::Router& router;
    const Tariff& tariff;
    AdmitRules rules{};
};

/// Who wants what.
struct Applicant {
    Principal principal;
    domain::Call call;
    std::string body;
    base::RequestId id; // under which the call is counted once
};

class Admit {
public:
    explicit Admit(AdmitServices services) : services_(services) {}

    /// Makes the admission in its place; after an error it is to be destroyed there, which frees what was
    /// reserved. Errors: model_not_allowed, unpriced_model, requests_per_minute, tokens_per_minute,
    /// concurrency, budget_exceeded, budget_reserved, wallet_empty, storage_unavailable, and those of a key
    /// that changed meanwhile. The route's own error comes last: it is in the admission.
    runtime::Task<std::expected<void, Refused>> operator()(Applicant applicant,
                                                           std::optional<Admission>& place);

private:
    runtime::Task<std::expected<domain::Decision, Refused>> decide(Admission& admission);
    TG_OWN_FRAME runtime::Task<base::Result<domain::Decision>>
    wait_for_money(domain::Demand& demand, base::Result<domain::Decision> decision);
    base::Result<void> check(const Admission& admission) const;
    domain::Demand demand_of(const Admission& admission) const;
    base::Result<void> take_place(Admission& admission);

    AdmitServices services_;
};

} // namespace tollgate::gateway
