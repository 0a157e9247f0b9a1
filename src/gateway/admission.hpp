// The right to go on: what was reserved for one call, and its place in the journal. Only Admit makes one. It
// ends exactly once, by settle() or by its destructor, which frees what was never sent and charges the
// estimate for what was. Neither waits nor fails. One thread.
#pragma once

#include "gateway/principal.hpp"
#include "gateway/quote.hpp"
#include "tollgate/domain/call.hpp"
#include "tollgate/domain/ledger_event.hpp"
#include "tollgate/domain/quota.hpp"
#include "tollgate/domain/routing.hpp"
#include "tollgate/ports/quota_store.hpp"
#include "tollgate/storage/journal.hpp"

#include <memory>
#include <string>
#include <utility>

namespace tollgate::gateway {

class Admission {
public:
    /// Admit's alone.
    class Right {
        friend class Admit;
        Right() = default;
    };
    Admission(Right, ports::QuotaStore& quota, const Tariff& tariff, Principal principal)
        : quota_(&quota), tariff_(&tariff), principal_(std::move(principal)) {}
    Admission(const Admission&) = delete;
    Admission& operator=(const Admission&) = delete;
    ~Admission();

    const base::RequestId& id() const { return id_; }
    const Principal& principal() const { return principal_; }
    const domain::Call& call() const { return call_; }
    const std::string& body() const { return body_; }
    const base::Result<domain::Route>& route() const { return route_; }
    const domain::QuotaNumbers& numbers() const { return grant_.numbers; }
    bool is_limited() const { return limited_; }

    /// What is set aside: at first by admission, then with what extend() added.
    base::Money granted() const { return grant_.amount; }

    /// Only a first slice was set aside, and all of it: more is to be asked for as the stream goes on.
    bool is_sliced() const { return sliced_; }

    /// The most that can come to be set aside for it.
    base::Money whole_bound() const { return sliced_ ? quote_.bound : grant_.amount; }

    /// Sets aside what is wanted in all, or as much of it as the purses have left.
    runtime::Task<> extend_to(base::Money wanted);

    /// What this call is charged if the route's target `index` serves it.
    Bill bill(std::size_t index) const;

    /// The body is forwarded and no attempt will need it again: gives its memory back.
    void drop_body() { body_ = std::string(); }

    /// The call's first record: on file before anything is sent. At once, as a rule; false: open() it.
    bool try_open(const domain::OpenView& record) noexcept;
    /// Error: storage_unavailable, then nothing may be sent.
    runtime::Task<base::Result<void>> open(runtime::Loop& loop, domain::OpenRecord record);

    /// What a long stream has used so far.
    void checkpoint(const domain::Usage& usage, base::Money cost) noexcept;

    /// Bytes of the request are about to leave for a provider: from now on an end without settle() is
    /// charged.
    void mark_sent() { sent_ = true; }
    bool is_sent() const { return sent_; }

    /// The day of the reservation in billing.time_zone: it names the purses.
    std::chrono::local_days day() const { return day_; }
    base::WallTime started_at() const { return started_at_; }

    /// Ends it: `event` goes into the books, the reservation is freed and its cost counted.
    void settle(const domain::UsageView& event) noexcept;

private:
    friend class Admit;

    void free(base::Money cost, std::uint64_t tokens) noexcept;

    struct Forget {
        void operator()(ports::QuotaStore*) const noexcept {}
    };
    std::unique_ptr<ports::QuotaStore, Forget> quota_; // empty once it has ended or was moved from
    const Tariff* tariff_;
    base::RequestId id_{};
    Principal principal_;
    domain::Call call_{};
    std::string body_{};
    base::Result<domain::Route> route_{};
    Quote quote_{};
    domain::Grant grant_{};
    std::uint64_t expected_tokens_ = 0;
    std::chrono::local_days day_{};
    base::WallTime started_at_{};
    storage::JournalEntry entry_{};
    bool limited_ = false;
    bool sliced_ = false;
    bool sent_ = false;
    bool opened_ = false;
};

} // namespace tollgate::gateway
