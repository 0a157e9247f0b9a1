#include "http/prompt_count.hpp"

#include "tollgate/http/json_call.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>

namespace tollgate::http {

namespace {

using domain::Endpoint;
using nlohmann::json;

std::uint64_t tokens(const std::string& body, Endpoint endpoint = Endpoint::chat_completions) {
    const auto call = parse_call(body, endpoint);
    EXPECT_TRUE(call) << body;
    return call ? call->most_text_tokens.value() : 0;
}

std::string chat(const std::string& messages, const std::string& more = "") {
    return R"({"model":"gpt-4o","messages":)" + messages + more + "}";
}

std::uint64_t of_content(const std::string& content) {
    return tokens(chat(R"([{"role":"user","content":)" + content + "}]"));
}

std::string random_text(std::mt19937& random) {
    const char* pieces[] = {"a",      " ",      "\n",         "\"",    "\\",        "\x01",
                            "\u00e9", "\u0939", "\U0001f600", "word ", "<|im_end|>"};
    std::string text;
    for (unsigned count = random() % 40; count > 0; --count) text += pieces[random() % std::size(pieces)];
    return text;
}

} // namespace

TEST(PromptCount, CountsTheDecodedBytesOfContent) {
    const std::uint64_t empty = of_content("\"\"");
    EXPECT_EQ(of_content("\"abc\"") - empty, 3U);
    EXPECT_EQ(of_content(R"("\n\t\"")") - empty, 3U);
    EXPECT_EQ(of_content(R"("\u00e9")") - empty, 2U);
    EXPECT_EQ(of_content(R"("\ud83d\ude00")") - empty, 4U);
    EXPECT_EQ(of_content("\"\u00e9\"") - empty, 2U);
}

TEST(PromptCount, DoesNotCountSettingsButEverythingThatItDoesNotKnow) {
    const std::uint64_t plain = tokens(chat("[]"));
    EXPECT_EQ(
        tokens(chat("[]", R"(,"temperature":0.123456789,"user":"somebody","stop":["a","b"],"max_tokens":5)")),
        plain);
    const std::string tools = R"([{"type":"function","function":{"name":"f\u00e9"}}])";
    EXPECT_EQ(tokens(chat("[]", R"(,"tools":)" + tools)),
              plain + tools.size() + std::string("tools").size() + 4);
    EXPECT_GT(tokens(chat("[]", R"(,"reasoning_effort":"high")")), plain);
    EXPECT_FALSE(
        parse_call(chat("[]", R"(,"tools":[],"seed":5)"), Endpoint::chat_completions)->has_unknown_members);
    EXPECT_TRUE(
        parse_call(chat("[]", R"(,"prediction":{})"), Endpoint::chat_completions)->has_unknown_members);
}

TEST(PromptCount, TakesAPictureInTheBodyForAnAttachmentAndNotForText) {
    const std::string bytes(100'000, 'A');
    const auto picture = [&](const char* kind) {
        return of_content(R"([{"type":"image_url","image_url":{"url":"data:)" + std::string(kind) +
                          ";base64," + bytes + R"("}}])");
    };
    EXPECT_LT(picture("image/png"), 200U);
    EXPECT_GT(picture("application/pdf"), bytes.size());
    EXPECT_GT(of_content("\"data:image/png;base64," + bytes + "\""), bytes.size());
}

TEST(PromptCount, CountsAMessageTheSameHoweverItsMembersAreOrderedAndSpaced) {
    std::mt19937 random(14);
    for (int round = 0; round < 500; ++round) {
        std::string compact = "[", spaced = "[", turned = "[";
        for (unsigned left = 1 + random() % 8; left > 0; --left) {
            const bool is_part = random() % 2 == 0;
            const char* roles[] = {"user", "assistant", "system", "developer", "tool of some kind"};
            const bool is_role = random() % 4 > 0; // then others in the list begin alike
            const std::string first = json(is_role ? roles[random() % 5] : random_text(random)).dump();
            const std::string second = json(random_text(random)).dump();
            const std::string names[] = {is_part ? "\"type\":" : "\"role\":",
                                         is_part ? "\"text\":" : "\"content\":"};
            const std::string next = left > 1 ? "," : "";
            compact += "{" + names[0] + first + "," + names[1] + second + "}" + next;
            spaced += "{" + names[0] + " " + first + ", " + names[1] + " " + second + "}" + next;
            turned += "{" + names[1] + "\t" + second + ",\n" + names[0] + first + "}" + next;
        }
        const std::uint64_t counted = tokens(chat(turned + "]"));
        ASSERT_EQ(tokens(chat(compact + "]")), counted) << compact;
        ASSERT_EQ(tokens(chat(spaced + "]")), counted) << spaced;
    }
}

TEST(PromptCount, IsNeverAboveTheBytesOfTheBodyByMoreThanTheFrame) {
    EXPECT_LE(tokens(chat("[{},{},{},{},[],[[]],{}]")), chat("[{},{},{},{},[],[[]],{}]").size() + 16);
    const std::string prompt = R"({"model":"m","prompt":[1,2,3,40,500,6000]})";
    EXPECT_LE(tokens(prompt, Endpoint::completions), prompt.size() + 16);
}

TEST(PromptCount, IsAtLeastWhatAChatTemplateOfByteTokensWouldTake) {
    std::mt19937 random(11);
    for (int round = 0; round < 2'000; ++round) {
        json messages = json::array();
        std::uint64_t needed = 3; // the opening of the answer
        for (unsigned count = random() % 6; count > 0; --count) {
            json message = {{"role", "user"}};
            const std::string text = random_text(random);
            needed += 4 + 1 + text.size(); // <|im_start|> role <|im_sep|> text <|im_end|>, a byte a token
            if (random() % 2 == 0) {
                message["content"] = text;
            } else {
                const std::string second = random_text(random);
                message["content"] =
                    json::array({{{"type", "text"}, {"text", text}}, {{"type", "text"}, {"text", second}}});
                needed += second.size();
            }
            if (random() % 4 == 0) {
                message["name"] = "Zo\u00e9";
                needed += 1 + 4;
            }
            messages.push_back(std::move(message));
        }
        const json body = {{"messages", messages}, {"model", "m"}, {"temperature", 0.5}};
        for (const bool is_ascii : {false, true}) {
            EXPECT_GE(tokens(body.dump(-1, ' ', is_ascii)), needed) << body.dump();
        }
    }
}

} // namespace tollgate::http
