// The right to go on: what was reserved for one call. Only Admit makes one. It ends exactly once, by settle()
// or by its destructor, which frees what was never sent and charges the estimate for what was. Neither waits
// nor fails. One thread.
#pragma once

#include "gateway/principal.hpp"
#include "tollgate/domain/call.hpp"
#include "tollgate/domain/quota.hpp"
#include "tollgate/domain/usage.hpp"
#include "tollgate/ports/quota_store.hpp"

#include <string>
#include <utility>

namespace tollgate::gateway {

class Admission {
public:
    Admission(Admission&& other) noexcept
        : quota_(std::exchange(other.quota_, nullptr)),
          id_(std::move(other.id_)),
          principal_(std::move(other.principal_)),
          call_(std::move(other.call_)),
          body_(std::move(other.body_)),
          grant_(std::move(other.grant_)),
          sent_(other.sent_),
          estimate_(other.estimate_) {}
    Admission(const Admission&) = delete;
    Admission& operator=(const Admission&) = delete;
    Admission& operator=(Admission&&) = delete;
    ~Admission();

    const base::RequestId& id() const { return id_; }
    const Principal& principal() const { return principal_; }
    const domain::Call& call() const { return call_; }
    const std::string& body() const { return body_; }
    const domain::QuotaNumbers& numbers() const { return grant_.numbers; }

    /// The body is forwarded and no attempt will need it again: gives its memory back.
    void drop_body() { body_ = std::string(); }

    /// Bytes of the request are about to leave for a provider: from now on an end without settle() is
    /// charged.
    void mark_sent() { sent_ = true; }
    bool is_sent() const { return sent_; }

    /// Ends it: `usage` was used.
    void settle(const domain::Usage& usage) noexcept;

private:
    friend class Admit;
    Admission(ports::QuotaStore& quota, const domain::Demand& demand, Principal principal)
        : quota_(&quota), id_(demand.id), principal_(std::move(principal)), estimate_(demand.tokens) {}

    ports::QuotaStore* quota_;
    base::RequestId id_;
    Principal principal_;
    domain::Call call_{};
    std::string body_{};
    domain::Grant grant_{};
    bool sent_ = false;
    std::uint64_t estimate_;
};

} // namespace tollgate::gateway
