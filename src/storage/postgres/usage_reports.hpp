// Reports on usage from PostgreSQL. Owned by PostgresStorage; any thread.
#pragma once

#include "storage/postgres/database.hpp"
#include "tollgate/ports/usage_reports.hpp"

namespace tollgate::storage::postgres {

class PostgresUsageReports final : public ports::UsageReports {
public:
    explicit PostgresUsageReports(Database& database) : database_(database) {}

    base::Result<std::vector<ports::GroupLatency>>
    latencies(const ports::UsageFilter& filter, const ports::DayRange& days, ports::GroupBy group) override;
    base::Result<std::vector<ports::SeriesPoint>>
    days(const ports::UsageFilter& filter, const ports::DayRange& days, ports::GroupBy group) override;
    base::Result<std::vector<ports::SeriesPoint>>
    hours(const ports::UsageFilter& filter, const ports::TimeRange& times, ports::GroupBy group) override;
    base::Result<ports::EventPage> calls(const ports::CallQuery& query) override;
    base::Result<std::vector<ports::WalletDay>> wallet_days(const base::AccountId& account_id,
                                                            std::optional<std::chrono::local_days> before,
                                                            std::size_t limit) override;
    base::Result<std::map<base::AccountId, ports::AccountSpend>> account_spends() override;

private:
    Database& database_;
};

} // namespace tollgate::storage::postgres
