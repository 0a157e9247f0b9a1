#include "unit/simulator/ask.hpp"

#include <gtest/gtest.h>

#include <cstring>

namespace tollgate::simulator {

namespace {

using nlohmann::json;

json embed(const json& body) {
    const Reply reply = ask("/v1/embeddings", body.dump());
    EXPECT_EQ(reply.status, 200) << reply.body;
    return body_of(reply);
}

std::string decoded(const std::string& text) {
    static constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string bytes;
    std::uint32_t bits = 0;
    int held = 0;
    for (const char c : text) {
        if (c == '=') break;
        bits = (bits << 6U) | static_cast<std::uint32_t>(digits.find(c));
        held += 6;
        if (held < 8) continue;
        held -= 8;
        bytes += static_cast<char>((bits >> held) & 0xFFU);
    }
    return bytes;
}

} // namespace

TEST(Embeddings, HaveOneVectorForEachInput) {
    const json answer = embed({{"model", "text-embedding-3-small"}, {"input", {"a", "b", "c"}}});
    EXPECT_EQ(answer["object"], "list");
    EXPECT_EQ(answer["model"], "text-embedding-3-small");
    ASSERT_EQ(answer["data"].size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(answer["data"][i]["object"], "embedding");
        EXPECT_EQ(answer["data"][i]["index"], i);
        EXPECT_EQ(answer["data"][i]["embedding"].size(), 1536U);
    }
    EXPECT_EQ(answer["usage"], (json{{"prompt_tokens", 1}, {"total_tokens", 1}}));
}

TEST(Embeddings, InputMayBeTextOrTokensOrListsOfEither) {
    for (const json& input : {json("a"), json{1, 2, 3}})
        EXPECT_EQ(embed({{"model", "m"}, {"input", input}})["data"].size(), 1U);
    for (const json& input : {json{"a", "b"}, json{{1, 2}, {3, 4}}})
        EXPECT_EQ(embed({{"model", "m"}, {"input", input}})["data"].size(), 2U);
}

TEST(Embeddings, Base64HoldsTheSameFloats) {
    for (const std::size_t dimensions : {1U, 2U, 3U, 256U}) {
        const json call{{"model", "m"}, {"input", "Good day"}, {"dimensions", dimensions}};
        json encoded = call;
        encoded["encoding_format"] = "base64";
        const json vector = embed(call)["data"][0]["embedding"];
        const std::string bytes = decoded(embed(encoded)["data"][0]["embedding"].get<std::string>());
        ASSERT_EQ(bytes.size(), dimensions * 4);
        for (std::size_t i = 0; i < dimensions; ++i) {
            float value = 0;
            std::memcpy(&value, bytes.data() + i * 4, 4);
            EXPECT_FLOAT_EQ(value, vector[i].get<float>());
        }
    }
}

TEST(Embeddings, DependOnTheInputAlone) {
    const json one{{"model", "m"}, {"input", "a"}, {"dimensions", 8}};
    const json other{{"model", "m"}, {"input", "b"}, {"dimensions", 8}};
    EXPECT_EQ(embed(one)["data"], embed(one)["data"]);
    EXPECT_NE(embed(one)["data"], embed(other)["data"]);
}

TEST(Embeddings, AreLongerForTheLargeModel) {
    EXPECT_EQ(embed({{"model", "text-embedding-3-large"}, {"input", "a"}})["data"][0]["embedding"].size(),
              3072U);
}

TEST(Embeddings, RefuseWhatIsNoInput) {
    for (const char* body :
         {R"({"model":"m"})", R"({"model":"m","input":[]})", R"({"model":"m","input":5})",
          R"({"model":"m","input":"a","dimensions":0})", R"({"model":"m","input":"a","dimensions":8193})"})
        EXPECT_EQ(ask("/v1/embeddings", body).status, 400) << body;
}

} // namespace tollgate::simulator
