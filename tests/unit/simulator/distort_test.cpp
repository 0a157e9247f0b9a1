#include "simulator/distort.hpp"

#include "unit/simulator/ask.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace tollgate::simulator {

namespace {

Reply faulty(std::string_view directives, std::string_view more = "") {
    return ask("/v1/chat/completions", "{\"model\":\"m+tokens=2+" + std::string(directives) +
                                           "\",\"messages\":[{\"content\":\"x\"}]" + std::string(more) + "}");
}

constexpr std::string_view stream = ",\"stream\":true";

} // namespace

TEST(Distort, HtmlIsAPageWithTheGivenStatusAndWithoutUsage) {
    for (const std::string_view more : {std::string_view(""), stream}) {
        const Reply reply = faulty("fault=html", more);
        EXPECT_EQ(reply.status, 200);
        EXPECT_EQ(reply.form, Form::whole);
        EXPECT_TRUE(reply.content_type.starts_with("text/html"));
        EXPECT_TRUE(reply.body.starts_with("<!DOCTYPE html>"));
        EXPECT_EQ(reply.counts, TokenCounts{});
    }
    EXPECT_EQ(faulty("fault=html+status=502").status, 502);
}

TEST(Distort, EmptyIsAnAnswerWithoutBytes) {
    EXPECT_EQ(faulty("fault=empty").body, "");
    EXPECT_EQ(faulty("fault=empty", stream).form, Form::whole);
}

TEST(Distort, BrokenJsonBreaksOff) {
    EXPECT_FALSE(nlohmann::json::accept(faulty("fault=badjson").body));
    const Reply reply = faulty("fault=badjson", stream);
    const auto broken = std::ranges::count_if(reply.events, [](const Event& event) {
        const std::string bytes = stamped(event.bytes);
        return !bytes.starts_with("data: [DONE]") && !nlohmann::json::accept(bytes.substr(6));
    });
    EXPECT_EQ(broken, 1);
}

TEST(Distort, ARedirectLeadsElsewhere) {
    const Reply reply = faulty("fault=redirect");
    EXPECT_EQ(reply.status, 307);
    EXPECT_EQ(reply.headers.back().first, "location");
}

TEST(Distort, ABigBodyIsStillJson) {
    const Reply whole = faulty("fault=bigbody:100000");
    EXPECT_GT(whole.body.size(), 100'000U);
    EXPECT_EQ(body_of(whole)["object"], "chat.completion");
    const auto chunks = chunks_of(faulty("fault=bigbody:100000", stream));
    EXPECT_EQ(chunks[1]["padding"].get<std::string>().size(), 100'000U);
}

TEST(Distort, AnErrorInTheMiddleEndsTheStream) {
    const auto chunks = chunks_of(faulty("error_in_stream=2+status=200", stream));
    ASSERT_EQ(chunks.size(), 3U);
    EXPECT_EQ(chunks[2]["error"]["type"], "server_error");
    EXPECT_EQ(chunks_of(faulty("error_in_stream=0", stream)).size(), 1U);
    EXPECT_EQ(faulty("error_in_stream=1+usage=every", stream).usage_shown, UsageShown::no);
}

TEST(Distort, WithoutAFaultNothingChanges) {
    EXPECT_EQ(faulty("fault=none").body,
              faulty("fault=stale").body.replace(faulty("fault=stale").body.find("stale"), 5, "none"));
}

} // namespace tollgate::simulator
