// The promises of ports::Fleet, for every adapter: FleetContract<Factory> with Factory::make(), a registry
// that nobody has used.
#pragma once

#include "tollgate/ports/fleet.hpp"

#include <gtest/gtest.h>
#include <memory>

namespace tollgate::tests {

template <class Factory>
class FleetContract : public ::testing::Test {
protected:
    domain::FleetState beat(const std::string& node, std::uint64_t joined) {
        return fleet().beat({.node = node, .reaches_store = true, .joined = joined}).value();
    }
    ports::Fleet& fleet() { return factory_.fleet(); }
    Factory factory_;
};

TYPED_TEST_SUITE_P(FleetContract);

TYPED_TEST_P(FleetContract, BeginsWithoutAnEpochAndWithoutNodes) {
    const auto state = this->fleet().look().value();
    EXPECT_EQ(state.epoch, 0U);
    EXPECT_TRUE(state.members.empty());
    EXPECT_FALSE(domain::is_complete(state));
}

TYPED_TEST_P(FleetContract, KnowsWhoBeatsAndWhatTheyTold) {
    this->beat("b", 3);
    this->fleet().beat({.node = "a", .reaches_store = false, .joined = 0}).value();
    const auto state = this->beat("b", 4);
    ASSERT_EQ(state.members.size(), 2U);
    EXPECT_EQ(state.members[0],
              (domain::FleetMember{.node = "a", .is_alive = true, .reaches_store = false, .joined = 0}));
    EXPECT_EQ(state.members[1],
              (domain::FleetMember{.node = "b", .is_alive = true, .reaches_store = true, .joined = 4}));
    EXPECT_EQ(this->fleet().look().value(), state);
    ASSERT_TRUE(this->fleet().leave("b"));
    EXPECT_EQ(this->fleet().look().value().members.size(), 1U);
}

TYPED_TEST_P(FleetContract, ShowsWhatNodesSayOfThemselves) {
    EXPECT_TRUE(this->fleet().nodes().value().empty());
    const domain::NodeCard card{
        .host = "rack-7", .version = "1.2.3", .started_at = base::WallTime(std::chrono::seconds(1000))};
    this->beat("b", 3);
    this->fleet().beat({.node = "a", .reaches_store = false, .joined = 4, .card = {}}).value();
    this->fleet().beat({.node = "a", .reaches_store = true, .joined = 4, .card = card}).value();
    const auto nodes = this->fleet().nodes().value();
    ASSERT_EQ(nodes.size(), 2U);
    EXPECT_EQ(nodes[0].member,
              (domain::FleetMember{.node = "a", .is_alive = true, .reaches_store = true, .joined = 4}));
    EXPECT_EQ(nodes[0].card, card);
    EXPECT_EQ(nodes[1].member.node, "b");
    EXPECT_GE(nodes[0].seen_at, nodes[1].seen_at);
    ASSERT_TRUE(this->fleet().leave("a"));
    EXPECT_EQ(this->fleet().nodes().value().size(), 1U);
}

TYPED_TEST_P(FleetContract, OfTwoWhoEndAnEpochOneIsFirst) {
    EXPECT_TRUE(this->fleet().begin_epoch(0, domain::QuotaHome::shared, "a").value());
    EXPECT_FALSE(this->fleet().begin_epoch(0, domain::QuotaHome::local, "b").value());
    auto state = this->fleet().look().value();
    EXPECT_EQ(state.epoch, 1U);
    EXPECT_EQ(state.home, domain::QuotaHome::shared);
    EXPECT_EQ(state.founder, "a");
    EXPECT_TRUE(this->fleet().begin_epoch(1, domain::QuotaHome::local, "b").value());
    state = this->fleet().look().value();
    EXPECT_EQ(state.epoch, 2U);
    EXPECT_EQ(state.home, domain::QuotaHome::local);
    EXPECT_EQ(state.founder, "b");
}

TYPED_TEST_P(FleetContract, AddsUpWhatTheNodesOfAnEpochHold) {
    const auto money = [](std::int64_t micros) { return base::Money::of_micros(micros); };
    const std::vector<domain::Holding> first{{"x", money(5)}, {"y", money(7)}};
    const std::vector<domain::Holding> second{{"x", money(10)}};
    ASSERT_TRUE(this->fleet().publish("a", 2, first));
    ASSERT_TRUE(this->fleet().publish("b", 2, second));
    ASSERT_TRUE(this->fleet().publish("c", 2, {}));    // it holds nothing, and has said so
    ASSERT_TRUE(this->fleet().publish("a", 2, first)); // once more: in place of what was there
    ASSERT_TRUE(this->fleet().publish("d", 3, second));
    const auto holdings = this->fleet().holdings(2).value();
    EXPECT_EQ(holdings.nodes, 3U);
    EXPECT_EQ(holdings.sums, (std::vector<domain::Holding>{{"x", money(15)}, {"y", money(7)}}));
    EXPECT_EQ(this->fleet().holdings(9).value().nodes, 0U);
}

REGISTER_TYPED_TEST_SUITE_P(FleetContract, BeginsWithoutAnEpochAndWithoutNodes, KnowsWhoBeatsAndWhatTheyTold,
                            ShowsWhatNodesSayOfThemselves, OfTwoWhoEndAnEpochOneIsFirst,
                            AddsUpWhatTheNodesOfAnEpochHold);

} // namespace tollgate::tests
