// Money while a stream runs: slices that are extended, ends at the cap, providers that ignore it.
#include "support/gateway_fixture.hpp"

namespace tollgate::testing {
namespace {

// 0.00001 USD a token × 88 × 1.05 × 1.05; input costs nothing, a call costs 0.001 USD.
constexpr double rupees_per_token = 0.00097020;
constexpr double rupees_per_call = 0.09702;

class Budget : public LineTest<Budget> {
public:
    static json settings() {
        const json flat = {{"input_cost_per_request", 0.001},
                           {"output_cost_per_token", 0.00001},
                           {"input_cost_per_token", 0.0},
                           {"max_output_tokens", 50'000}};
        json quiet = flat;
        quiet["supports_reasoning"] = false;
        return {{"billing",
                 {{"stream_slice", 400}, {"price_overrides", {{"gpt-flat", flat}, {"gpt-quiet", quiet}}}}},
                {"accounts", {{"concurrency", 0}}},
                {"providers", {{"openai", {{"attempts", 1}, {"breaker", {{"failures", 0}}}}}}}};
    }

protected:
    struct Heard {
        Response response{};
        std::vector<std::string> events{};
        bool is_complete() const { return !events.empty() && events.back() == "[DONE]"; }
        json last() const { return json::parse(events.back()); }
        json before_last() const { return json::parse(events.at(events.size() - 2)); }
    };

    static Key key_for(double rupees) {
        return line().gateway.create_key({"--budget", std::to_string(rupees), "--rate-limit", "1000"});
    }
    static Heard stream(const Key& key, const std::string& model, const std::string& directives,
                        json more = json::object()) {
        Request request;
        request.key = key.secret;
        more.update({{"model", model},
                     {"stream", true},
                     {"messages", {{{"role", "user"}, {"content", "[[sim: " + directives + "]]"}}}}});
        request.body = more.dump();
        Heard heard{.response = line().call(request)};
        if (heard.response.status == 200) heard.events = events_of(heard.response.body);
        return heard;
    }
    static double spent(const Key& key) {
        Request request{.method = "GET", .path = "/v1/key", .key = key.secret};
        return json::parse(line().call(request).body).at("data").at("usage").get<double>();
    }
    static bool settles_at(const Key& key, double rupees) {
        return eventually([&] { return std::abs(spent(key) - rupees) < 0.000'001; });
    }
    static double header(const Heard& heard, const char* name) {
        return std::stod(heard.response.field(name));
    }
};

TEST_F(Budget, AStreamWithoutACapIsSetAsideInSlicesAndChargedWhatItUsed) {
    const Key key = key_for(100);
    const Heard heard = stream(key, "gpt-quiet", "tokens=300");
    ASSERT_TRUE(heard.is_complete()) << heard.response.body;
    EXPECT_NEAR(header(heard, "x-tollgate-reserved"), rupees_per_call + 400 * rupees_per_token, 0.000'1);
    EXPECT_TRUE(settles_at(key, rupees_per_call + 300 * rupees_per_token)) << spent(key);
}

TEST_F(Budget, AStreamOfAModelThatMayReasonIsSetAsideAsAWhole) {
    const Key key = key_for(100);
    const Heard heard = stream(key, "gpt-flat", "tokens=300");
    ASSERT_TRUE(heard.is_complete());
    EXPECT_NEAR(header(heard, "x-tollgate-reserved"), rupees_per_call + 50'000 * rupees_per_token, 0.000'1);
}

TEST_F(Budget, AStreamThatCannotBeExtendedEndsWithLengthAndAnErrorEventWithinTheBudget) {
    const double budget = rupees_per_call + 1'000 * rupees_per_token;
    const Key key = key_for(budget);
    const std::string tag = new_tag();
    const Heard heard = stream(key, "gpt-quiet", "tokens=20000 tps=100000 tag=" + tag);
    ASSERT_EQ(heard.response.status, 200);
    EXPECT_FALSE(heard.is_complete());
    EXPECT_EQ(heard.last().at("error").at("reason"), "budget_exceeded");
    EXPECT_EQ(heard.last().at("error").at("code"), 402);
    EXPECT_EQ(heard.before_last().at("choices")[0].at("finish_reason"), "length");
    const json first = json::parse(heard.events.front());
    EXPECT_EQ(heard.before_last().at("id"), first.at("id"));
    std::size_t seen = 0;
    for (std::size_t index = 0; index + 2 < heard.events.size(); ++index) {
        const json delta = json::parse(heard.events[index]).at("choices")[0].at("delta");
        seen += delta.value("content", std::string()).size();
    }
    EXPECT_GT(seen, 600U) << "it goes on until the last slice is used up but for its margin";
    EXPECT_LE(seen, 1'000U) << "bytes stand for tokens";
    EXPECT_EQ(line().simulator.ended_record(tag).at("completed"), false);
    EXPECT_TRUE(eventually([&] { return spent(key) > rupees_per_call; }));
    EXPECT_LE(spent(key), budget + 0.000'001);
}

TEST_F(Budget, MoneyThatIsShortForASliceLowersTheCapInstead) {
    const Key key = key_for(rupees_per_call + 100 * rupees_per_token);
    const std::string tag = new_tag();
    const Heard heard = stream(key, "gpt-quiet", "tokens=5000 tag=" + tag);
    ASSERT_TRUE(heard.is_complete()) << heard.response.body;
    const json record = line().simulator.ended_record(tag);
    EXPECT_EQ(json::parse(record.at("body").get<std::string>()).at("max_completion_tokens"), 100);
    EXPECT_TRUE(settles_at(key, rupees_per_call + 100 * rupees_per_token));
}

TEST_F(Budget, AProviderThatIgnoresALoweredCapIsCutAndTheBudgetHolds) {
    const double budget = rupees_per_call + 100 * rupees_per_token;
    const Key key = key_for(budget);
    const std::string tag = new_tag();
    const Heard heard = stream(key, "gpt-flat", "tokens=20000 cap=off tps=100000 tag=" + tag);
    ASSERT_EQ(heard.response.status, 200);
    ASSERT_GE(heard.events.size(), 2U);
    EXPECT_EQ(heard.last().at("error").at("reason"), "budget_exceeded");
    EXPECT_EQ(heard.before_last().at("choices")[0].at("finish_reason"), "length");
    EXPECT_EQ(line().simulator.ended_record(tag).at("completed"), false);
    EXPECT_TRUE(settles_at(key, budget)) << spent(key);
    EXPECT_EQ(stream(key, "gpt-flat", "tokens=1").response.status, 402);
}

TEST_F(Budget, AProviderThatIgnoresTheClientsOwnCapIsCutForWhatItIs) {
    const Key key = key_for(100);
    const Heard heard =
        stream(key, "gpt-flat", "tokens=5000 cap=off tps=100000", {{"max_completion_tokens", 50}});
    ASSERT_EQ(heard.response.status, 200);
    EXPECT_EQ(heard.last().at("error").at("reason"), "invalid_response");
    EXPECT_EQ(heard.before_last().at("choices")[0].at("finish_reason"), "length");
    EXPECT_TRUE(settles_at(key, rupees_per_call + 50 * rupees_per_token)) << spent(key);
}

TEST_F(Budget, AProviderThatReportsMoreThanWasSetAsideIsChargedWhatWas) {
    const Key key = key_for(rupees_per_call + 300 * rupees_per_token);
    const Heard heard = stream(key, "gpt-flat", "tokens=20 reasoning_tokens=100000 cap=off");
    ASSERT_EQ(heard.response.status, 200);
    EXPECT_TRUE(settles_at(key, rupees_per_call + 300 * rupees_per_token)) << spent(key);
}

} // namespace
} // namespace tollgate::testing
