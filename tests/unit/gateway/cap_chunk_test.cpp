#include "gateway/cap_chunk.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace tollgate::gateway {
namespace {

nlohmann::json chunk(const domain::Call& call, std::string_view events) {
    const std::string event = cap_chunk(call, events);
    EXPECT_TRUE(event.starts_with("data: ") && event.ends_with("\n\n")) << event;
    return nlohmann::json::parse(event.substr(6));
}

TEST(CapChunk, LooksLikeTheProvidersOwnAndEndsEveryChoice) {
    domain::Call call;
    call.choices = 2;
    const auto made =
        chunk(call, ": keep-alive\n\ndata: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\","
                    "\"created\":17,\"model\":\"gpt-x\",\"usage\":null,\"choices\":[{\"index\":0,"
                    "\"delta\":{\"content\":\"Hi\"},\"finish_reason\":null}]}\n\n");
    EXPECT_EQ(made.at("id"), "chatcmpl-1");
    EXPECT_EQ(made.at("object"), "chat.completion.chunk");
    EXPECT_EQ(made.at("created"), 17);
    EXPECT_EQ(made.at("model"), "gpt-x");
    EXPECT_FALSE(made.contains("usage"));
    ASSERT_EQ(made.at("choices").size(), 2U);
    EXPECT_EQ(made.at("choices")[1].at("index"), 1);
    EXPECT_EQ(made.at("choices")[1].at("finish_reason"), "length");
    EXPECT_TRUE(made.at("choices")[0].at("delta").empty());
}

TEST(CapChunk, OfACompletionHasTextInPlaceOfADelta) {
    domain::Call call;
    call.endpoint = domain::Endpoint::completions;
    const auto made = chunk(call, "data: {\"id\":\"cmpl-1\",\"choices\":[]}\n\n");
    EXPECT_EQ(made.at("choices")[0].at("text"), "");
    EXPECT_FALSE(made.at("choices")[0].contains("delta"));
}

TEST(CapChunk, IsAChunkEvenWithoutOneToTakeItsNamesFrom) {
    for (const char* events : {"", ": nothing\n\n", "data: {broken\n\n", "data: [1]\n\n"}) {
        EXPECT_EQ(chunk({}, events).at("choices")[0].at("finish_reason"), "length") << events;
    }
}

TEST(PaidEvents, AreThoseAtTheFrontWhoseTextIsCovered) {
    const std::string first = "data: {\"choices\":[{\"delta\":{\"content\":\"abc\"}}]}\n\n";
    const std::string second = "data: {\"choices\":[{\"delta\":{\"content\":\"defgh\"}}]}\r\n\r\n";
    const std::string comment = ": still here\n\n";
    const std::string all = first + comment + second;
    // 100 tokens had passed before these eight.
    const std::pair<std::uint64_t, std::string> table[] = {
        {99, ""}, {102, ""}, {103, first + comment}, {107, first + comment}, {108, all}, {500, all}};
    for (const auto& [covered, paid] : table) EXPECT_EQ(paid_events(all, 108, covered), paid) << covered;
    EXPECT_EQ(paid_events("", 0, 0), "");
}

} // namespace
} // namespace tollgate::gateway
