#include "storage/redis/server_state.hpp"

namespace tollgate::storage::redis {

TEST(ServerState, FindsItsLinesInInfo) {
    const auto state = parse_server_state(
        "# Server\r\nredis_version:7.0.15\r\nrun_id:abc\r\nserver_time_usec:1700000000000001\r\n"
        "\r\n# Memory\r\nmaxmemory:1048576\r\nmaxmemory_policy:allkeys-lru\r\n"
        "# Persistence\r\nloading:0\r\n# Stats\r\nevicted_keys:12\r\n# Replication\r\nrole:master\r\n");
    EXPECT_EQ(state.run_id, "abc");
    EXPECT_EQ(state.time_us, 1'700'000'000'000'001);
    EXPECT_TRUE(state.is_master());
    EXPECT_FALSE(state.is_loading);
    EXPECT_EQ(state.evicted_keys, 12U);
    EXPECT_TRUE(state.may_evict());
    EXPECT_NE(eviction_complaint(state).find("allkeys-lru"), std::string::npos);
}

TEST(ServerState, MayEvictOnlyWithALimitAndAPolicy) {
    EXPECT_FALSE(parse_server_state("maxmemory:0\r\nmaxmemory_policy:allkeys-lru\r\n").may_evict());
    EXPECT_FALSE(parse_server_state("maxmemory:1\r\nmaxmemory_policy:noeviction\r\n").may_evict());
    EXPECT_TRUE(parse_server_state("maxmemory:1\r\nmaxmemory_policy:volatile-ttl\r\n").may_evict());
}

TEST(ServerState, TakesAnythingWithoutAComplaint) {
    for (const char* text : {"", "\r\n", "x", "run_id", "run_id:", ":\r\n:", "evicted_keys:x\r\n"})
        EXPECT_FALSE(parse_server_state(text).is_master());
    EXPECT_FALSE(parse_server_state("role:slave\r\n").is_master());
    EXPECT_TRUE(parse_server_state("loading:1\r\n").is_loading);
}

} // namespace tollgate::storage::redis
