#include "storage/redis/scripts.hpp"

namespace tollgate::storage::redis {

TEST(Scripts, HaveTheirIncludesInPlaceAndNoComments) {
    for (const Script* script : quota_scripts().all()) {
        EXPECT_EQ(script->text().find("--"), std::string::npos);
        EXPECT_GT(script->text().size(), 50U);
        EXPECT_EQ(script->sha().size(), 40U);
    }
    EXPECT_NE(quota_scripts().turn.text().find("redis.call('TIME')"), std::string::npos);
}

TEST(Script, IsNamedByItsSha) {
    const Script script("return 1");
    EXPECT_EQ(script.sha(), "e0e1f9fabfc9d4800c877a703b823ac0578ff8db"); // SCRIPT LOAD "return 1"
    Command command = script.command({"k1", "k2"});
    command.add("a");
    EXPECT_EQ(command.encode(), Command({"EVALSHA", script.sha(), "2", "k1", "k2", "a"}).encode());
    EXPECT_EQ(script.with_text(command).encode(),
              Command({"EVAL", "return 1", "2", "k1", "k2", "a"}).encode());
}

} // namespace tollgate::storage::redis
