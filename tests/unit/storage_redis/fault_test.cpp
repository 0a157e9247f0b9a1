#include "storage/redis/fault.hpp"

namespace tollgate::storage::redis {

TEST(Fault, IsJudgedByTheFirstWord) {
    const std::vector<std::pair<const char*, Fault>> table = {
        {"NOSCRIPT No matching script. Please use EVAL.", Fault::no_script},
        {"LOADING Redis is loading the dataset in memory", Fault::down},
        {"MASTERDOWN Link with MASTER is down", Fault::down},
        {"CLUSTERDOWN Hash slot not served", Fault::down},
        {"BUSY Redis is busy running a script.", Fault::down},
        {"OOM command not allowed when used memory > 'maxmemory'.", Fault::sick},
        {"MISCONF Errors writing to the AOF file", Fault::sick},
        {"NOREPLICAS Not enough good replicas to write.", Fault::sick},
        {"READONLY You can't write against a read only replica.", Fault::demoted},
        {"NOAUTH Authentication required.", Fault::refused},
        {"WRONGPASS invalid username-password pair or user is disabled.", Fault::refused},
        {"NOPERM this user has no permissions to run the 'evalsha' command", Fault::refused},
        {"ERR AUTH <password> called without any password configured for the default user.", Fault::refused},
        {"MOVED 3999 127.0.0.1:6381", Fault::moved},
        {"ASK 3999 127.0.0.1:6381", Fault::moved},
        {"ERR unknown command", Fault::other},
        {"WRONGTYPE Operation against a key", Fault::other},
        {"BUSYKEY Target key name already exists.", Fault::other},
        {"", Fault::other},
    };
    for (const auto& [text, fault] : table) EXPECT_EQ(judge(text), fault) << text;
}

TEST(Redirection, ReadsWhereToGo) {
    const auto moved = find_redirection("MOVED 3999 127.0.0.1:6381");
    ASSERT_TRUE(moved);
    EXPECT_TRUE(moved->is_lasting);
    EXPECT_EQ(moved->slot, 3999);
    EXPECT_EQ(moved->host, "127.0.0.1");
    EXPECT_EQ(moved->port, 6381);
    const auto ask = find_redirection("ASK 1 ::1:7000");
    ASSERT_TRUE(ask);
    EXPECT_FALSE(ask->is_lasting);
    EXPECT_EQ(ask->host, "::1");
    const auto same_host = find_redirection("MOVED 1 :7000");
    ASSERT_TRUE(same_host);
    EXPECT_EQ(same_host->host, "");
}

TEST(Redirection, IsNothingForOtherErrors) {
    for (const char* text :
         {"ERR x", "MOVED", "MOVED 1", "MOVED x h:1", "MOVED 1 h", "MOVED 1 h:x", "ASK 1 h:99999"})
        EXPECT_FALSE(find_redirection(text)) << text;
}

} // namespace tollgate::storage::redis
