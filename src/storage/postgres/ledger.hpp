// The books in PostgreSQL. Owned by PostgresStorage; any thread.
#pragma once

#include "storage/postgres/database.hpp"
#include "tollgate/ports/ledger.hpp"

namespace tollgate::storage::postgres {

class PostgresLedger final : public ports::Ledger {
public:
    explicit PostgresLedger(Database& database) : database_(database) {}

    base::Result<ports::AppendSummary> append(std::span<const domain::UsageView> events) override;
    base::Result<std::vector<domain::PurseTotal>> correct(const domain::Repricing& repricing) override;

    base::Result<base::Money> purse_total(std::string_view name) override;
    base::Result<ports::KeySpend> key_spend(const base::KeyId& key_id,
                                            std::chrono::local_days today) override;
    base::Result<std::vector<ports::UsageGroup>>
    summary(const ports::UsageFilter& filter, const ports::DayRange& days, ports::GroupBy group) override;
    base::Result<std::vector<ports::UsagePoint>> hours(const ports::UsageFilter& filter,
                                                       const ports::TimeRange& times) override;
    base::Result<ports::EventPage> events(const ports::EventQuery& query) override;

    base::Result<void> add_lot(const ports::Lot& lot) override;
    base::Result<std::vector<ports::Lot>> lots(const base::AccountId& account_id) override;
    base::Result<domain::Wallet> wallet(const base::AccountId& account_id, base::WallTime now) override;

    base::Result<ports::LedgerReport> verify() override;
    base::Result<std::size_t> forget_before(std::chrono::local_days day) override;

private:
    Database& database_;
};

} // namespace tollgate::storage::postgres
