#include "storage/memory/quota_counters.hpp"

#include "tollgate/base/check.hpp"

#include <algorithm>

namespace tollgate::storage {

using base::Money;
using base::RequestId;
using domain::Decision;
using domain::Demand;
using domain::Grant;

namespace {

/// extend() goes by the newest caps, even if the demand that brought them is refused.
void learn_caps(const QuotaStep& step) {
    for (std::size_t i = 0; i < step.purses.size(); ++i) {
        if (step.purses[i] != nullptr) step.purses[i]->entry.cap = step.demand.purses[i].cap;
    }
}

} // namespace

QuotaCounters::QuotaCounters(const MemoryQuotaOptions& options) : options_(options) {
    TG_CHECK(options.idle_time >= domain::window_span); // or a window would be dropped while it counts
}

base::Result<Decision> QuotaCounters::reserve(const Demand& demand) {
    advance(demand.now);
    QuotaStep step = begin(demand);
    if (const Reservation* known = reservations_.find(demand.id)) {
        if (known->key != &step.key) {
            return base::fail(base::ErrorCode::conflict, base::ErrorSource::internal,
                              "a reservation with this id belongs to another key");
        }
        if (!known->is_lapsed) return Grant{.amount = known->granted, .numbers = count_numbers(step)};
    }
    if (demand.generation < step.key.entry.generation) return domain::Stale{};
    step.key.entry.generation = demand.generation;
    learn_caps(step);
    if (auto refusal = find_refusal(step)) return *std::move(refusal);
    return record(step);
}

Money QuotaCounters::extend(const RequestId& id, Money more) {
    Reservation* reservation = reservations_.find(id);
    if (reservation == nullptr || reservation->is_lapsed) return Money();
    Money added = std::max(more, Money());
    for (const PurseNode* purse : reservation->purses) {
        added = std::min(added, purse->entry.account.left(purse->entry.cap));
    }
    for (PurseNode* purse : reservation->purses) purse->entry.account.hold(added);
    reservation->held += added;
    return added;
}

void QuotaCounters::settle(const domain::Charge& charge) {
    advance(charge.now);
    auto reservation = reservations_.take(charge.id);
    if (!reservation) return;
    if (!reservation->is_lapsed) release(*reservation);
    const Money cost = std::max(charge.cost, Money());
    for (PurseNode* purse : reservation->purses) purse->entry.account.charge(cost);
    if (reservation->ticket) reservation->key->entry.tokens.correct(*reservation->ticket, charge.tokens);
    forget(*reservation);
}

void QuotaCounters::warm(const ports::PurseTotal& total) {
    PurseCounters& purse = purses_.use(total.name, IdleMap<PurseCounters>::unknown_time).entry;
    purse.account.raise_spent_to(total.spent);
    purse.in_ledger = std::max(purse.in_ledger, total.spent);
}

void QuotaCounters::learn_generation(const base::KeyId& key, std::uint64_t generation) {
    KeyCounters& counters = keys_.use(key.text(), IdleMap<KeyCounters>::unknown_time).entry;
    counters.generation = std::max(counters.generation, generation);
}

MemoryQuotaSizes QuotaCounters::sizes() const {
    return {.keys = keys_.size(),
            .accounts = accounts_.size(),
            .purses = purses_.size(),
            .reservations = reservations_.size()};
}

void QuotaCounters::advance(base::SteadyTime now) {
    // Threads read the clock before they take the lock: a step may come with an instant before the last
    // one's.
    now_ = std::max(now_, now);
    reap();
    keys_.sweep(now_, options_.idle_time);
    accounts_.sweep(now_, options_.idle_time);
    purses_.sweep(now_, options_.idle_time);
}

void QuotaCounters::reap() {
    while (const auto id = reservations_.find_overdue(now_)) {
        Reservation& overdue = *reservations_.find(*id);
        if (overdue.is_lapsed) {
            forget(*reservations_.take(*id));
            continue;
        }
        release(overdue);
        overdue.is_lapsed = true;
        reservations_.postpone(*id, now_ + options_.late_time);
    }
}

QuotaStep QuotaCounters::begin(const Demand& demand) {
    QuotaStep step{.demand = demand,
                   .now = now_,
                   .key = keys_.use(demand.key_id.text(), now_),
                   .account = accounts_.use(demand.account_id.text(), now_)};
    step.purses.reserve(demand.purses.size());
    for (const domain::Purse& purse : demand.purses) step.purses.push_back(purses_.find(purse.name));
    return step;
}

Grant QuotaCounters::record(QuotaStep& step) {
    const Demand& demand = step.demand;
    if (const auto lapsed = reservations_.take(demand.id)) forget(*lapsed);
    const Money amount = amount_to_hold(step);
    KeyCounters& key = step.key.entry;
    Reservation reservation{.key = &step.key, .account = &step.account, .granted = amount, .held = amount};
    key.requests.admit(step.now);
    if (demand.token_limit) reservation.ticket = key.tokens.admit(demand.tokens, step.now);
    ++key.in_flight;
    ++step.account.entry.in_flight;
    ++step.key.pins;
    ++step.account.pins;
    for (PurseNode* purse : step.purses) {
        purse->entry.account.hold(amount);
        ++purse->pins;
        purses_.touch(*purse, step.now);
    }
    reservation.purses = step.purses;
    reservations_.add(demand.id, std::move(reservation), step.now + demand.lease);
    return Grant{.amount = amount, .numbers = count_numbers(step)};
}

/// Gives back what the reservation holds.
void QuotaCounters::release(Reservation& reservation) {
    for (PurseNode* purse : reservation.purses) purse->entry.account.release(reservation.held);
    if (!reservation.held.is_zero() && !reservation.purses.empty()) ++releases_;
    reservation.held = Money();
    --reservation.key->entry.in_flight;
    --reservation.account->entry.in_flight;
}

/// Lets go of counters that the reservation kept from being dropped. They were in use until now.
void QuotaCounters::forget(const Reservation& reservation) {
    --reservation.key->pins;
    --reservation.account->pins;
    keys_.touch(*reservation.key, now_);
    accounts_.touch(*reservation.account, now_);
    for (PurseNode* purse : reservation.purses) {
        --purse->pins;
        purses_.touch(*purse, now_);
    }
}

} // namespace tollgate::storage
