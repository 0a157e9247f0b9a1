#include "tollgate/domain/fleet.hpp"

namespace tollgate::domain {

namespace {

using namespace std::chrono_literals;

FleetMember member(const std::string& node, std::uint64_t joined) {
    return {.node = node, .is_alive = true, .reaches_store = true, .joined = joined};
}

FleetState state_of(std::vector<FleetMember> members) {
    return {.epoch = 3, .home = QuotaHome::shared, .founder = "a", .members = std::move(members)};
}

class FleetJudgeTest : public ::testing::Test {
protected:
    std::optional<QuotaHome> judge(const FleetState& state, std::chrono::milliseconds later = 0ms) {
        seen_.now += later;
        return judge_.find_next(state, seen_);
    }
    FleetJudge judge_;
    FleetObservation seen_{.node = "a", .has_started = true, .now = base::SteadyTime(1h)};
};

} // namespace

TEST(FleetState, IsCompleteWhenEveryMemberHasJoinedTheDeadIncluded) {
    FleetState state = state_of({member("a", 3), member("b", 3)});
    EXPECT_TRUE(is_complete(state));
    EXPECT_EQ(count_alive(state), 2U);
    state.members[1].is_alive = false;
    EXPECT_TRUE(is_complete(state));
    EXPECT_EQ(count_alive(state), 1U);
    state.members[1].joined = 2;
    EXPECT_FALSE(is_complete(state)); // nobody knows what it holds
    EXPECT_FALSE(is_complete(FleetState{}));
    EXPECT_EQ(count_alive(FleetState{}), 1U);
}

TEST_F(FleetJudgeTest, AnEmptyRegistryGetsAFirstEpoch) {
    EXPECT_EQ(judge(FleetState{}), QuotaHome::shared);
}

TEST_F(FleetJudgeTest, AHealthyEpochGoesOn) {
    for (int i = 0; i < 100; ++i) EXPECT_FALSE(judge(state_of({member("a", 3), member("b", 3)}), 1s));
}

TEST_F(FleetJudgeTest, ALossEndsTheEpochThatItIsAbout) {
    seen_.lost_epoch = 2;
    EXPECT_FALSE(judge(state_of({member("a", 3)})));
    seen_.lost_epoch = 3;
    EXPECT_EQ(judge(state_of({member("a", 3)})), QuotaHome::shared);
}

TEST_F(FleetJudgeTest, ANodeThatDiedWithoutLeavingBeginsAnewOnce) {
    seen_.is_returning = true;
    seen_.has_started = false;
    EXPECT_EQ(judge(state_of({member("a", 3), member("b", 3)})), QuotaHome::shared);
    seen_.has_started = true;
    EXPECT_FALSE(judge(state_of({member("a", 3), member("b", 3)})));
}

TEST_F(FleetJudgeTest, AllGoLocalOnlyWhenNobodyReachesTheStoreForAWhile) {
    FleetState state = state_of({member("a", 3), member("b", 3)});
    state.members[0].reaches_store = false;
    for (int i = 0; i < 10; ++i) EXPECT_FALSE(judge(state, 1s));
    state.members[1].reaches_store = false;
    EXPECT_FALSE(judge(state));
    EXPECT_FALSE(judge(state, 599ms));
    EXPECT_EQ(judge(state, 1ms), QuotaHome::local);
}

TEST_F(FleetJudgeTest, AShortOutageEndsNothing) {
    FleetState state = state_of({member("a", 3)});
    for (int i = 0; i < 10; ++i) {
        state.members[0].reaches_store = i % 2 == 0;
        EXPECT_FALSE(judge(state, 500ms));
    }
}

TEST_F(FleetJudgeTest, ADeadNodeHasNoVoteOnWhatIsReached) {
    FleetState state = state_of({member("a", 3), member("b", 3)});
    state.members[0].reaches_store = false;
    state.members[1].is_alive = false;
    EXPECT_FALSE(judge(state));
    EXPECT_EQ(judge(state, 600ms), QuotaHome::local);
}

TEST_F(FleetJudgeTest, AllReturnWhenEverybodyReachesTheStoreForAWhile) {
    FleetState state = state_of({member("a", 3), member("b", 3)});
    state.home = QuotaHome::local;
    state.members[1].reaches_store = false;
    for (int i = 0; i < 10; ++i) EXPECT_FALSE(judge(state, 1s));
    state.members[1].reaches_store = true;
    EXPECT_FALSE(judge(state));
    EXPECT_EQ(judge(state, 1s), QuotaHome::shared);
}

TEST_F(FleetJudgeTest, ANodeThatComesWhileAllCountLocallyNeedsSharesMadeAnew) {
    FleetState state = state_of({member("b", 3)});
    state.home = QuotaHome::local;
    seen_.has_started = false;
    EXPECT_EQ(judge(state), QuotaHome::local);
}

TEST_F(FleetJudgeTest, AnEpochWhoseFounderDiedBeforeItWasCompleteIsTriedAgain) {
    FleetState state = state_of({member("a", 2), member("b", 2)});
    state.members[0].is_alive = false;
    EXPECT_FALSE(judge(state));
    EXPECT_EQ(judge(state, 5s), QuotaHome::shared);
    state.members[0].is_alive = true;
    FleetJudge fresh;
    EXPECT_FALSE(fresh.find_next(state, seen_));
    seen_.now += 1h;
    EXPECT_FALSE(fresh.find_next(state, seen_)); // it is alive and will mark the servers
}

} // namespace tollgate::domain
