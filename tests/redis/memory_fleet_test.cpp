#include "contract/fleet_contract.hpp"
#include "support/memory_fleet.hpp"

namespace tollgate::tests {

namespace {

base::SteadyTime now{std::chrono::hours(1)};

class MemoryRegistry {
public:
    ports::Fleet& fleet() { return fleet_; }

private:
    testing::MemoryFleet fleet_{[] { return now; }};
};

} // namespace

INSTANTIATE_TYPED_TEST_SUITE_P(Memory, FleetContract, MemoryRegistry);

TEST(MemoryFleet, ForgetsWhoHasNotBeatenForHalfAnHour) {
    testing::MemoryFleet fleet([] { return now; });
    fleet.beat({.node = "a"}).value();
    now += std::chrono::seconds(6);
    EXPECT_FALSE(fleet.look()->members[0].is_alive);
    now += std::chrono::minutes(31);
    EXPECT_TRUE(fleet.look()->members.empty());
}

} // namespace tollgate::tests
