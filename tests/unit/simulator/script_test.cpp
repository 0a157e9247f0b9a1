#include "simulator/script.hpp"

#include <gtest/gtest.h>

#include <set>

namespace tollgate::simulator {

namespace {

Script script_of(std::string_view text) {
    Script script;
    const auto applied = apply_directives(script, text);
    EXPECT_TRUE(applied.has_value()) << text << ": " << (applied ? "" : applied.error().message);
    return script;
}

} // namespace

TEST(Script, ReadsSpeedAndCounts) {
    const Script script =
        script_of("ttft=500 tps=20 tokens=100 prompt_tokens=7 cached_tokens=3 cache_write_tokens=2 "
                  "reasoning_tokens=11 seed=9 split=5");
    EXPECT_EQ(script.first_token, std::chrono::milliseconds(500));
    EXPECT_EQ(script.tokens_per_second, 20U);
    EXPECT_EQ(script.tokens, 100U);
    EXPECT_EQ(script.prompt_tokens, 7U);
    EXPECT_EQ(script.cached_tokens, 3U);
    EXPECT_EQ(script.cache_write_tokens, 2U);
    EXPECT_EQ(script.reasoning_tokens, 11U);
    EXPECT_EQ(script.seed, 9U);
    EXPECT_EQ(script.split, 5U);
}

TEST(Script, ReadsErrorsAndNames) {
    const Script script =
        script_of("status=429,code=insufficient_quota,retry_after=3,retry_after_ms=2500,tag=a1,"
                  "tool=get_weather,model=gpt-4o-2024-08-06,finish=length,cap=off,"
                  "status_once=503:2,error_in_stream=4");
    EXPECT_EQ(script.status, 429);
    EXPECT_EQ(script.code, "insufficient_quota");
    EXPECT_EQ(script.retry_after_s, 3U);
    EXPECT_EQ(script.retry_after_ms, 2500U);
    EXPECT_EQ(script.tag, "a1");
    EXPECT_EQ(script.tool, "get_weather");
    EXPECT_EQ(script.model, "gpt-4o-2024-08-06");
    EXPECT_EQ(script.finish, "length");
    EXPECT_EQ(script.cap, Cap::ignored);
    EXPECT_EQ(script.status_once, 503);
    EXPECT_EQ(script.status_once_count, 2U);
    EXPECT_EQ(script.error_in_stream, 4U);
}

TEST(Script, KnowsEveryFault) {
    struct Case {
        const char* text;
        FaultKind kind;
        std::optional<std::uint64_t> amount;
    };
    for (const Case& each : {Case{"none", FaultKind::none, {}}, Case{"cut:5", FaultKind::cut, 5},
                             Case{"close:0", FaultKind::close, 0}, Case{"hang", FaultKind::hang, {}},
                             Case{"hang:2", FaultKind::hang, 2}, Case{"drip", FaultKind::drip, {}},
                             Case{"drip:3", FaultKind::drip, 3}, Case{"garbage", FaultKind::garbage, {}},
                             Case{"html", FaultKind::html, {}}, Case{"empty", FaultKind::empty, {}},
                             Case{"badjson", FaultKind::badjson, {}}, Case{"refuse", FaultKind::refuse, {}},
                             Case{"redirect", FaultKind::redirect, {}}, Case{"stale", FaultKind::stale, {}},
                             Case{"extra", FaultKind::extra, {}}, Case{"early", FaultKind::early, {}},
                             Case{"bigbody:1000", FaultKind::bigbody, 1000}}) {
        const Script script = script_of(std::string("fault=") + each.text);
        EXPECT_EQ(script.fault.kind, each.kind) << each.text;
        EXPECT_EQ(script.fault.amount, each.amount) << each.text;
    }
}

TEST(Script, KnowsEveryPlaceOfUsage) {
    EXPECT_EQ(script_of("usage=asked").usage, UsagePlace::as_asked);
    EXPECT_EQ(script_of("usage=off").usage, UsagePlace::off);
    EXPECT_EQ(script_of("usage=always").usage, UsagePlace::always);
    EXPECT_EQ(script_of("usage=every").usage, UsagePlace::every);
    EXPECT_EQ(script_of("usage=finish").usage, UsagePlace::finish);
    EXPECT_EQ(script_of("usage=3").usage, UsagePlace::chunk);
    EXPECT_EQ(script_of("usage=3").usage_chunk, 3U);
}

TEST(Script, RefusesWhatItDoesNotKnowSoThatATypingMistakeIsSeen) {
    for (const char* text : {"ttf=5",
                             "ttft",
                             "ttft=",
                             "ttft=-1",
                             "ttft=1s",
                             "ttft=86400001",
                             "tps=x",
                             "tps=1000001",
                             "tokens=1000001",
                             "tokens=4294967296",
                             "status=99",
                             "status=600",
                             "status=2xx",
                             "status_once=503",
                             "status_once=503:",
                             "status_once=:2",
                             "fault=",
                             "fault=cut",
                             "fault=close",
                             "fault=cut:x",
                             "fault=html:3",
                             "fault=bigbody",
                             "fault=bigbody:268435457",
                             "fault=unheard",
                             "usage=never",
                             "usage=",
                             "cap=maybe",
                             "tool=",
                             "tag=",
                             "code=",
                             "error_in_stream=",
                             "retry_after=soon",
                             "=5",
                             "tokens=5 bogus",
                             "tokens==5"}) {
        Script script;
        const auto applied = apply_directives(script, text);
        ASSERT_FALSE(applied.has_value()) << text;
        EXPECT_EQ(applied.error().code, base::ErrorCode::invalid_field) << text;
    }
}

TEST(Script, TheComplaintNamesTheDirectiveAndItsForm) {
    Script script;
    EXPECT_EQ(apply_directives(script, "tokens=many").error().message,
              "simulator: 'tokens=many' is not tokens=N");
    EXPECT_EQ(apply_directives(script, "tokken=1").error().message,
              "simulator: 'tokken=1' is not a directive; --help lists them all");
}

TEST(Script, SeparatorsMayBeSpacesCommasAndPlusSigns) {
    for (const char* text :
         {"", " ", "tokens=5", " tokens=5 ", "+tokens=5+", "tps=1,tokens=5", "tps=1 + tokens=5\n"}) {
        const Script script = script_of(text);
        EXPECT_EQ(script.tokens.value_or(5), 5U) << text;
    }
}

TEST(Script, LaterDirectivesHavePrecedence) {
    EXPECT_EQ(script_of("tokens=5 tokens=6").tokens, 6U);
    EXPECT_EQ(script_of("fault=cut:3 fault=hang").fault.amount, std::nullopt);
}

TEST(Script, NoTwoDirectivesShareAName) {
    std::set<std::string_view> names;
    for (const Directive& directive : directives())
        EXPECT_TRUE(names.insert(directive.name()).second) << directive.form;
    EXPECT_GT(names.size(), 20U);
}

TEST(Script, FindsDirectivesInTheModelsName) {
    EXPECT_EQ(directives_of_model("gpt-4o"), "");
    EXPECT_EQ(directives_of_model(""), "");
    EXPECT_EQ(directives_of_model("gpt-4o+"), "");
    EXPECT_EQ(directives_of_model("gpt-4o+ttft=5+tps=2"), "ttft=5+tps=2");
}

TEST(Script, TheLastDirectivesInATextCount) {
    EXPECT_EQ(directives_of_text("nothing here"), "");
    EXPECT_EQ(directives_of_text("[[sim: tokens=5"), "");
    EXPECT_EQ(directives_of_text("[[sim:]]"), "");
    EXPECT_EQ(directives_of_text("say [[sim: tokens=5]] and go"), " tokens=5");
    EXPECT_EQ(directives_of_text("[[sim: tokens=5]] then [[sim: tokens=6]]"), " tokens=6");
}

} // namespace tollgate::simulator
