#include "tollgate/domain/price_book.hpp"

#include "unit/domain/price_samples.hpp"

#include <gtest/gtest.h>

namespace tollgate::domain {

namespace {

PriceBook sample_book() {
    return PriceBook({{.provider = "openai", .model = "gpt-4o", .price = samples::gpt_4o()},
                      {.provider = "openai", .model = "gpt-4o", .price = samples::mistral()},
                      {.provider = "google", .model = "gemini-2.5-flash", .price = samples::gemini_flash()},
                      {.provider = "", .model = "house", .price = samples::deepseek()},
                      {.provider = "openai", .model = "house", .price = samples::o3()}},
                     "2026-11-23+0123456789ab");
}

} // namespace

TEST(PriceBook, FindsByProviderAndModel) {
    const auto book = sample_book();
    ASSERT_NE(book.find("google", "gemini-2.5-flash"), nullptr);
    EXPECT_EQ(*book.find("google", "gemini-2.5-flash"), samples::gemini_flash());
    EXPECT_EQ(book.version(), "2026-11-23+0123456789ab");
}

TEST(PriceBook, KeepsTheFirstOfTwoEntries) {
    const auto book = sample_book();
    EXPECT_EQ(*book.find("openai", "gpt-4o"), samples::gpt_4o());
    EXPECT_EQ(book.entries().size(), 4U);
}

TEST(PriceBook, FallsBackToAnEntryForAnyProvider) {
    const auto book = sample_book();
    EXPECT_EQ(*book.find("nobody", "house"), samples::deepseek());
    EXPECT_EQ(*book.find("google", "house"), samples::deepseek());
    EXPECT_EQ(*book.find("openai", "house"), samples::o3());
}

TEST(PriceBook, MissesWhatAnotherProviderHas) {
    const auto book = sample_book();
    EXPECT_EQ(book.find("google", "gpt-4o"), nullptr);
    EXPECT_EQ(book.find("openai", "gpt-4"), nullptr);
    EXPECT_EQ(book.find("openai", ""), nullptr);
    EXPECT_EQ(PriceBook().find("openai", "gpt-4o"), nullptr);
}

TEST(PriceBook, StaysWholeWhenItIsCopiedAndMoved) {
    auto book = sample_book();
    const PriceBook copy = book;
    const PriceBook moved = std::move(book);
    EXPECT_EQ(*copy.find("openai", "gpt-4o"), samples::gpt_4o());
    EXPECT_EQ(*moved.find("openai", "gpt-4o"), samples::gpt_4o());
}

} // namespace tollgate::domain
