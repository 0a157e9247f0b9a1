// A ledger in memory that counts by request id and refuses when told to. Only append() is alive: the journal
// calls nothing else.
#pragma once

#include "tollgate/ports/ledger.hpp"

#include <atomic>
#include <map>
#include <mutex>

namespace tollgate::testing {

class MemoryLedger final : public ports::Ledger {
public:
    std::atomic<bool> is_down{false};

    std::map<std::string, domain::UsageEvent> events() const {
        const std::scoped_lock lock(mutex_);
        return events_;
    }
    std::size_t batches() const {
        const std::scoped_lock lock(mutex_);
        return batches_;
    }

    using Ledger::append;
    base::Result<ports::AppendSummary> append(std::span<const domain::UsageView> events) override {
        const std::scoped_lock lock(mutex_);
        if (is_down) return unavailable();
        for (const auto& event : events) {
            if (!domain::is_countable(event)) {
                return base::fail(base::ErrorCode::invalid_field, base::ErrorSource::internal, "absurd");
            }
        }
        ports::AppendSummary summary;
        for (const auto& event : events) {
            const bool is_new = events_.try_emplace(std::string(event.request_id), copy_of(event)).second;
            ++(is_new ? summary.inserted : summary.repeated);
        }
        summary.totals.push_back({.name = "budget:key_1:total", .spent = base::Money::of_micros(1)});
        ++batches_;
        return summary;
    }

    base::Result<std::vector<domain::PurseTotal>> correct(const domain::Repricing&) override {
        return unavailable();
    }
    base::Result<base::Money> purse_total(std::string_view) override { return unavailable(); }
    base::Result<ports::KeySpend> key_spend(const base::KeyId&, std::chrono::local_days) override {
        return unavailable();
    }
    base::Result<std::vector<ports::UsageGroup>> summary(const ports::UsageFilter&, const ports::DayRange&,
                                                         ports::GroupBy) override {
        return unavailable();
    }
    base::Result<std::vector<ports::UsagePoint>> hours(const ports::UsageFilter&,
                                                       const ports::TimeRange&) override {
        return unavailable();
    }
    base::Result<ports::EventPage> events(const ports::EventQuery&) override { return unavailable(); }
    base::Result<void> add_lot(const ports::Lot&) override { return unavailable(); }
    base::Result<std::vector<ports::Lot>> lots(const base::AccountId&) override { return unavailable(); }
    base::Result<domain::Wallet> wallet(const base::AccountId&, base::WallTime) override {
        return unavailable();
    }
    base::Result<ports::LedgerReport> verify() override { return unavailable(); }
    base::Result<std::size_t> forget_before(std::chrono::local_days) override { return unavailable(); }

private:
    static std::unexpected<base::Error> unavailable() {
        return base::fail(base::ErrorCode::storage_unavailable, base::ErrorSource::storage,
                          "the ledger is away");
    }

    mutable std::mutex mutex_;
    std::map<std::string, domain::UsageEvent> events_;
    std::size_t batches_ = 0;
};

} // namespace tollgate::testing
