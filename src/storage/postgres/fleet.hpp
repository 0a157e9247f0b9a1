// The registry of nodes in PostgreSQL. Owned by PostgresStorage; any thread.
#pragma once

#include "storage/postgres/database.hpp"
#include "tollgate/ports/fleet.hpp"

namespace tollgate::storage::postgres {

class PostgresFleet final : public ports::Fleet {
public:
    explicit PostgresFleet(Database& database) : database_(database) {}

    base::Result<domain::FleetState> beat(const domain::Heartbeat& heartbeat) override;
    base::Result<domain::FleetState> look() override;
    base::Result<std::vector<domain::FleetNode>> nodes() override;
    base::Result<bool> begin_epoch(std::uint64_t after, domain::QuotaHome home,
                                   const std::string& node) override;
    base::Result<void> publish(const std::string& node, std::uint64_t epoch,
                               std::span<const domain::Holding> holdings) override;
    base::Result<ports::FleetHoldings> holdings(std::uint64_t epoch) override;
    base::Result<void> leave(const std::string& node) override;

private:
    Database& database_;
};

} // namespace tollgate::storage::postgres
