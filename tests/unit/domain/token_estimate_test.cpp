#include "tollgate/domain/token_estimate.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace tollgate::domain {

TEST(TokenEstimate, OfNothingIsZeroAndOfAnythingAtLeastOne) {
    EXPECT_EQ(estimate_tokens(""), 0U);
    EXPECT_EQ(estimate_tokens(" "), 1U);
    EXPECT_EQ(estimate_tokens("a"), 1U);
    EXPECT_EQ(estimate_tokens("\xa9"), 1U);
}

TEST(TokenEstimate, NeverShrinksWhenTextIsAdded) {
    std::mt19937 engine(5);
    std::string text;
    std::uint64_t before = 0;
    for (int i = 0; i < 5'000; ++i) {
        text += static_cast<char>(engine());
        const auto after = estimate_tokens(text);
        ASSERT_GE(after, before);
        before = after;
    }
}

TEST(TokenEstimate, IsTheSameInOnePieceAndInMany) {
    std::mt19937 engine(6);
    const std::string text = "The quick brown fox, 12345 – नमस्ते दुनिया, 你好，世界 😀\n";
    for (int i = 0; i < 200; ++i) {
        TextMeasure pieces;
        std::string_view rest = text;
        while (!rest.empty()) {
            TextMeasure piece;
            const auto length = std::min<std::size_t>(1 + engine() % 7, rest.size());
            piece.add(rest.substr(0, length));
            pieces.add(piece);
            rest.remove_prefix(length);
        }
        ASSERT_EQ(pieces.tokens(), estimate_tokens(text));
        ASSERT_EQ(pieces.bytes(), text.size());
    }
}

TEST(TokenEstimate, IsNearTheCountOfOpenAisTokenizer) {
    // Counts of o200k_base, taken with the npm package tiktoken 1.0.22.
    const struct {
        const char* text;
        std::uint64_t tokens;
    } samples[] = {
        {"The gateway reads the key, checks the budget and forwards the request to the provider. What the "
         "provider reports is what the caller pays, rounded once to the smallest unit.",
         34},
        {"for (const auto& splice : splices) {\n    edited.replace(splice.at.offset, splice.at.length, "
         "splice.text);\n}\n",
         27},
        {"{\"prompt_tokens\":1024,\"completion_tokens\":300,\"total_tokens\":1324}", 18},
        {"यह प्रणाली अनुरोध को प्रदाता तक पहुँचाती है और बजट की जाँच करती है। उपयोगकर्ता केवल उतना ही भुगतान करता है "
         "जितना उपयोग हुआ है।",
         35},
        {"网关检查密钥和预算，然后把请求转发给提供商。用户只需为实际使用的部分付费。", 27},
        {"ゲートウェイはキーと予算を確認し、リクエストをプロバイダーに転送します。", 27},
        {"게이트웨이는 키와 예산을 확인한 다음 요청을 공급자에게 전달합니다.", 20},
        {"Шлюз проверяет ключ и бюджет, а затем передаёт запрос поставщику. Пользователь платит только за "
         "то, что использовал.",
         31},
        {"تتحقق البوابة من المفتاح والميزانية ثم ترسل الطلب إلى المزود. يدفع المستخدم فقط مقابل ما استخدمه.",
         30},
        {"Das Gateway prüft den Schlüssel und das Budget und leitet die Anfrage dann an den Anbieter weiter.",
         20},
        {"3.14159 26535 89793 23846 26433 83279 50288 41971 69399 37510", 31},
    };
    for (const auto& sample : samples) {
        const auto estimate = estimate_tokens(sample.text);
        EXPECT_GE(estimate * 4, sample.tokens * 3) << sample.text;
        EXPECT_LE(estimate * 5, sample.tokens * 7) << sample.text;
    }
}

TEST(TokenEstimate, IsNeverAboveTwiceTheBytes) {
    std::mt19937 engine(8);
    for (int i = 0; i < 1'000; ++i) {
        std::string text(1 + engine() % 50, '\0');
        for (char& c : text) c = static_cast<char>(engine());
        ASSERT_LE(estimate_tokens(text), 2 * text.size());
    }
}

} // namespace tollgate::domain
