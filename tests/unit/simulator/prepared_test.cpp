#include "simulator/prepared.hpp"

#include "unit/simulator/ask.hpp"

#include <gtest/gtest.h>

namespace tollgate::simulator {

namespace {

std::shared_ptr<const Prepared> prepared(std::string body, Repeatable repeatable = Repeatable::yes) {
    return std::make_shared<const Prepared>(Reply{.body = std::move(body), .repeatable = repeatable});
}

} // namespace

TEST(Prepared, RendersTheHeadOfAWholeAnswer) {
    const Prepared answer(Reply{.status = 429, .headers = {{"retry-after", "3"}}, .body = "{}"});
    EXPECT_EQ(stamped(answer.head),
              "HTTP/1.1 429 Too Many Requests\r\ndate: Mon, 23 Nov 2026 09:42:34 GMT\r\n"
              "content-type: application/json\r\nretry-after: 3\r\ncontent-length: 2\r\n");
    EXPECT_EQ(stamped(answer.body), "{}");
}

TEST(Prepared, AStreamHasNoLength) {
    const Prepared answer(Reply{.form = Form::stream, .content_type = "text/event-stream"});
    EXPECT_EQ(stamped(answer.head).find("content-length"), std::string::npos);
}

TEST(PreparedCache, GivesBackWhatWasKeptUnderTheSameBytes) {
    PreparedCache cache;
    const auto kept = prepared("x");
    cache.keep("key", kept);
    EXPECT_EQ(cache.find("key"), kept);
    EXPECT_EQ(cache.find("kez"), nullptr);
}

TEST(PreparedCache, TellsLongKeysApartThatDifferInTheMiddle) {
    PreparedCache cache;
    std::string one(10'000, 'a');
    std::string other = one;
    other[5'000] = 'b';
    cache.keep(one, prepared("1"));
    cache.keep(other, prepared("2"));
    EXPECT_EQ(stamped(cache.find(one)->body), "1");
    EXPECT_EQ(stamped(cache.find(other)->body), "2");
}

TEST(PreparedCache, KeepsNeitherWhatMustNotBeRepeatedNorWhatIsLarge) {
    PreparedCache cache;
    cache.keep("once", prepared("x", Repeatable::no));
    cache.keep("large", prepared(std::string(5U << 20U, 'x')));
    EXPECT_EQ(cache.find("once"), nullptr);
    EXPECT_EQ(cache.find("large"), nullptr);
}

TEST(PreparedCache, IsEmptiedWhenFull) {
    PreparedCache cache;
    for (int i = 0; i < 40; ++i) cache.keep(std::to_string(i), prepared(std::string(2U << 20U, 'x')));
    EXPECT_EQ(cache.find("0"), nullptr);
    EXPECT_NE(cache.find("39"), nullptr);
}

} // namespace tollgate::simulator
