#include "storage/postgres/fleet.hpp"

namespace tollgate::storage::postgres {

using base::Result;
using domain::FleetState;
using domain::QuotaHome;

namespace {

std::string_view name_of(QuotaHome home) {
    return home == QuotaHome::local ? "local" : "shared";
}

/// One statement, so that one moment is seen. Nodes that nobody has heard of for half an hour have nothing in
/// flight.
constexpr std::string_view registry =
    "SELECT coalesce(e.epoch, 0), coalesce(e.home, 'shared'), coalesce(e.founder, ''), n.node, "
    "n.reaches_store, "
    "n.joined, n.seen_at >= now() - interval '5 seconds' "
    "FROM (SELECT 1) AS one LEFT JOIN fleet_epoch AS e ON e.id = 1 "
    "LEFT JOIN fleet_nodes AS n ON n.seen_at >= now() - interval '30 minutes' ORDER BY n.node";

FleetState read_registry(Connection& connection) {
    FleetState state;
    for (auto rows = connection.query(registry); rows.step();) {
        state.epoch = static_cast<std::uint64_t>(rows.integer(0));
        state.home = rows.text(1) == name_of(QuotaHome::local) ? QuotaHome::local : QuotaHome::shared;
        state.founder = rows.text(2);
        if (rows.is_null(3)) continue;
        state.members.push_back({.node = std::string(rows.text(3)),
                                 .is_alive = rows.truth(6),
                                 .reaches_store = rows.truth(4),
                                 .joined = static_cast<std::uint64_t>(rows.integer(5))});
    }
    return state;
}

} // namespace

Result<FleetState> PostgresFleet::beat(const domain::Heartbeat& heartbeat) {
    return database_.write(
        [&heartbeat](Connection& connection) -> Result<FleetState> {
            connection.query("INSERT INTO fleet_nodes (node, reaches_store, joined, seen_at, host, version, "
                             "started_at) VALUES ($1, $2, $3, now(), $4, $5, $6) "
                             "ON CONFLICT (node) DO UPDATE SET reaches_store = $2, joined = $3, "
                             "seen_at = now(), host = $4, version = $5, started_at = $6",
                             heartbeat.node, heartbeat.reaches_store, heartbeat.joined, heartbeat.card.host,
                             heartbeat.card.version, heartbeat.card.started_at);
            return read_registry(connection);
        },
        Repeat::harmless);
}

Result<FleetState> PostgresFleet::look() {
    return database_.look_up(
        [](Connection& connection) -> Result<FleetState> { return read_registry(connection); });
}

Result<std::vector<domain::FleetNode>> PostgresFleet::nodes() {
    constexpr std::string_view all =
        "SELECT node, seen_at >= now() - interval '5 seconds', reaches_store, joined, host, version, "
        "started_at, (extract(epoch FROM seen_at) * 1000000)::bigint FROM fleet_nodes ORDER BY node";
    return database_.look_up([all](Connection& connection) -> Result<std::vector<domain::FleetNode>> {
        std::vector<domain::FleetNode> found;
        for (auto rows = connection.query(all); rows.step();) {
            found.push_back({.member = {.node = std::string(rows.text(0)),
                                        .is_alive = rows.truth(1),
                                        .reaches_store = rows.truth(2),
                                        .joined = static_cast<std::uint64_t>(rows.integer(3))},
                             .card = {.host = std::string(rows.text(4)),
                                      .version = std::string(rows.text(5)),
                                      .started_at = rows.time(6)},
                             .seen_at = rows.time(7)});
        }
        return found;
    });
}

Result<bool> PostgresFleet::begin_epoch(std::uint64_t after, QuotaHome home, const std::string& node) {
    return database_.write([&](Connection& connection) -> Result<bool> {
        const auto begun = connection.query("INSERT INTO fleet_epoch AS e (id, epoch, home, founder) "
                                            "VALUES (1, $1 + 1, $2, $3) ON CONFLICT (id) DO UPDATE SET "
                                            "epoch = e.epoch + 1, home = $2, founder = $3 WHERE e.epoch = $1",
                                            after, name_of(home), node);
        if (begun.changes() == 0) return false;
        connection.query("DELETE FROM fleet_holdings WHERE epoch < $1", after);
        return true;
    });
}

Result<void> PostgresFleet::publish(const std::string& node, std::uint64_t epoch,
                                    std::span<const domain::Holding> holdings) {
    return database_.write(
        [&](Connection& connection) -> Result<void> {
            const auto add = [&](const std::string& purse, base::Money amount) {
                connection.query(
                    "INSERT INTO fleet_holdings (node, epoch, purse, micros) VALUES ($1, $2, $3, $4) "
                    "ON CONFLICT (node, epoch, purse) DO UPDATE SET micros = $4",
                    node, epoch, purse, amount);
            };
            connection.query("DELETE FROM fleet_holdings WHERE node = $1 AND epoch = $2", node, epoch);
            add("", base::Money());
            for (const domain::Holding& holding : holdings) add(holding.purse, holding.amount);
            return {};
        },
        Repeat::harmless);
}

Result<ports::FleetHoldings> PostgresFleet::holdings(std::uint64_t epoch) {
    return database_.look_up([epoch](Connection& connection) -> Result<ports::FleetHoldings> {
        ports::FleetHoldings result;
        auto rows = connection.query("SELECT purse, sum(micros)::bigint, count(*) FROM fleet_holdings "
                                     "WHERE epoch = $1 GROUP BY purse ORDER BY purse",
                                     epoch);
        while (rows.step()) {
            if (rows.text(0).empty()) {
                result.nodes = static_cast<std::uint32_t>(rows.integer(2));
            } else {
                result.sums.push_back({std::string(rows.text(0)), rows.money(1)});
            }
        }
        return result;
    });
}

Result<void> PostgresFleet::leave(const std::string& node) {
    return database_.write(
        [&node](Connection& connection) -> Result<void> {
            connection.query("DELETE FROM fleet_nodes WHERE node = $1", node);
            return {};
        },
        Repeat::harmless);
}

} // namespace tollgate::storage::postgres
