#include "unit/app/program.hpp"

namespace tollgate::app {

class PriceCommands : public Program {
protected:
    void SetUp() override {
        Program::SetUp();
        write("prices.json", R"({"sample_spec":{"effective_date":"2026-11-23"},
            "gpt-4o-mini":{"litellm_provider":"openai","input_cost_per_token":1.5e-07,
                "output_cost_per_token":6e-07,
                "input_cost_per_token_above_128k_tokens":3e-07},
            "dall-e":{"litellm_provider":"openai","mode":"image_generation","output_cost_per_image":0.04},
            "whisper-1":{"litellm_provider":"openai","input_cost_per_second":0.0001}})");
        configure("price_overrides: {house: {input_cost_per_token: 0, output_cost_per_token: 0}}");
    }

    void configure(const std::string& more) {
        write("config.yaml",
              "billing:\n  usd_rate: \"80\"\n  prices: " + path("prices.json") + "\n  " + more + "\n");
    }
};

TEST_F(PriceCommands, CheckCountsAndSaysWhatHasNoPrice) {
    const Printed printed = run({"prices", "check"});
    EXPECT_EQ(printed.code, 0) << printed.error;
    EXPECT_NE(printed.out.find("3 models, 2 priced, version 2026-11-23+"), std::string::npos) << printed.out;
    EXPECT_NE(printed.out.find("whisper-1: it is priced by input_cost_per_second"), std::string::npos);
    const auto json = run_json({"prices", "check"});
    EXPECT_EQ(json["priced"], 2);
    EXPECT_EQ(json["unpriced"][0]["key"], "whisper-1");
}

TEST_F(PriceCommands, CheckFailsOnAFault) {
    configure("price_overrides: {house: {input_cost_per_tokn: 1}}");
    const Printed printed = run({"prices", "check"});
    EXPECT_EQ(printed.code, 2);
    EXPECT_NE(printed.error.find("unknown field input_cost_per_tokn"), std::string::npos) << printed.error;
}

TEST_F(PriceCommands, CheckFailsOnAListThatCannotBeRead) {
    write("prices.json", "[]");
    const Printed printed = run({"prices", "check"});
    EXPECT_EQ(printed.code, 2);
    EXPECT_NE(printed.error.find("not a JSON object"), std::string::npos) << printed.error;
}

TEST_F(PriceCommands, ShowPrintsDollarsAndWhatIsCharged) {
    for (const char* name : {"gpt-4o-mini", "openai/gpt-4o-mini"}) {
        const Printed printed = run({"prices", "show", name});
        EXPECT_EQ(printed.code, 0) << printed.error;
        EXPECT_NE(printed.out.find("13.23"), std::string::npos) << printed.out;
        EXPECT_NE(printed.out.find("52.92"), std::string::npos);
        EXPECT_NE(printed.out.find("128000"), std::string::npos);
    }
    const auto json = run_json({"prices", "show", "gpt-4o-mini"});
    EXPECT_EQ(json[0]["provider"], "openai");
    EXPECT_EQ(json[0]["prices"][0]["usd"], "0.15");
    EXPECT_EQ(json[0]["prices"][0]["charged"], "13.23");
    EXPECT_EQ(json[0]["prices"][2]["above"], 128000);
}

TEST_F(PriceCommands, ShowTellsFreeFromUnpriced) {
    EXPECT_NE(run({"prices", "show", "house"}).out.find("house (any provider, chat): free"),
              std::string::npos);
    EXPECT_NE(run({"prices", "show", "whisper-1"}).out.find(": no price"), std::string::npos);
}

TEST_F(PriceCommands, ShowFailsOnAnUnknownModel) {
    const Printed printed = run({"prices", "show", "gpt-9"});
    EXPECT_EQ(printed.code, 1);
    EXPECT_NE(printed.error.find("gpt-9"), std::string::npos);
}

} // namespace tollgate::app
