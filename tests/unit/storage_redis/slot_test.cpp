#include "storage/redis/slot.hpp"

#include <string>

namespace tollgate::storage::redis {

// Values that redis-server's CLUSTER KEYSLOT gives.
TEST(Slot, IsWhatTheClusterComputes) {
    EXPECT_EQ(slot_of("123456789"), 0x31C3);
    EXPECT_EQ(slot_of("foo"), 12182);
    EXPECT_EQ(slot_of("bar"), 5061);
    EXPECT_EQ(slot_of(""), 0);
}

TEST(Slot, GoesByTheHashTagAlone) {
    EXPECT_EQ(slot_of("tollgate:q:{foo}"), slot_of("foo"));
    EXPECT_EQ(slot_of("tollgate:w:{foo}:key"), slot_of("foo"));
    EXPECT_EQ(slot_of("a{foo}b{bar}"), slot_of("foo"));
    EXPECT_EQ(slot_of("{{bar}}"), slot_of("{bar"));
}

TEST(Slot, AnEmptyOrOpenTagIsNone) {
    EXPECT_NE(slot_of("a{}b"), slot_of("")); // the whole key is hashed
    EXPECT_EQ(slot_of("foo{"), slot_of(std::string("foo{")));
    EXPECT_NE(slot_of("foo{"), slot_of("foo"));
    EXPECT_NE(slot_of("a}foo{"), slot_of("foo"));
}

TEST(Slot, IsAlwaysInRange) {
    for (int i = 0; i < 20'000; ++i) EXPECT_LT(slot_of("key" + std::to_string(i)), slot_count);
}

} // namespace tollgate::storage::redis
