#include "support/gateway_fixture.hpp"

#include <thread>

namespace tollgate::testing {
namespace {

/// A gateway whose file can be written again.
class Reload : public ::testing::Test {
protected:
    void write(const json& changes) { line_.gateway.reload(settings_for(line_.simulator, changes)); }
    int status_of(const std::string& model) {
        Request request = line_.chat("tokens=1", {{"model", model}});
        return line_.call(request).status;
    }

    Line line_;
};

TEST_F(Reload, BringsNewRoutesWhileAStreamGoesOn) {
    Request slow = line_.chat("tokens=30+tps=20", {{"stream", true}});
    std::string streamed;
    std::thread caller([&] { streamed = line_.call(slow).body; });
    ASSERT_EQ(status_of("fast"), 404);
    write({{"routing", {{"aliases", {{"fast", "openai/gpt-4o-mini"}}}}}});
    EXPECT_TRUE(eventually([&] { return status_of("fast") == 200; }));
    caller.join();
    EXPECT_EQ(events_of(streamed).back(), "[DONE]");
}

TEST_F(Reload, ChangesNothingWhenTheFileHasFaults) {
    write({{"routing", {{"aliases", {{"fast", "openai/gpt-4o-mini"}}}}}});
    ASSERT_TRUE(eventually([&] { return status_of("fast") == 200; }));
    write({{"routing", {{"pool", "nowhere"}}}});
    EXPECT_TRUE(eventually([&] { return line_.gateway.process().output().contains("reload refused"); }));
    EXPECT_EQ(status_of("fast"), 200);
}

} // namespace
} // namespace tollgate::testing
