#include "tollgate/http/byte_search.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace tollgate::http {

namespace {

/// Both ways give the same wherever a byte stands, whatever it is.
template <class Kind>
void compare_ways() {
    for (std::size_t size = 0; size < 70; ++size) {
        for (std::size_t place = 0; place < size; ++place) {
            for (int byte = 0; byte < 256; ++byte) {
                std::string text(size, 'x');
                text[place] = static_cast<char>(byte);
                const char* const end = text.data() + size;
                const char* const from = text.data() + place / 2;
                const char* const expected = find_singly<Kind>(from, end);
                ASSERT_EQ(find_byte<Kind>(from, end), expected) << size << " " << place << " " << byte;
                ASSERT_EQ(find_byte<Kind>(from, end, text.data()), expected)
                    << size << " " << place << " " << byte;
            }
        }
    }
    std::mt19937 random(5);
    for (int round = 0; round < 20'000; ++round) {
        std::string text(random() % 80, '\0');
        const bool is_ascii = random() % 2 == 0;
        for (char& byte : text) byte = static_cast<char>(is_ascii ? random() % 0x60 + 0x1e : random());
        const char* const end = text.data() + text.size();
        for (const char* from = text.data(); from != end; ++from) {
            const char* const expected = find_singly<Kind>(from, end);
            ASSERT_EQ(find_byte<Kind>(from, end), expected) << text;
            ASSERT_EQ(find_byte<Kind>(from, end, text.data()), expected) << text;
            const char* const near = find_near<Kind>(from, end);
            ASSERT_TRUE(near == expected || near == nullptr) << text;
        }
    }
}

} // namespace

TEST(ByteSearch, FindsInBlocksWhatItFindsOneByOne) {
    compare_ways<ByteIs<':'>>();
    compare_ways<ByteIs<'\n'>>();
    compare_ways<EndsFieldValue>();
    compare_ways<IsControl>();
    compare_ways<EndsPlainText>();
    compare_ways<EndsPlainAscii>();
}

TEST(ByteSearch, SeesEveryByteThatDiffers) {
    for (std::size_t size = 0; size <= 80; ++size) {
        std::string left(size, 'x');
        for (std::size_t place = 0; place < size; ++place) left[place] = static_cast<char>('a' + place % 26);
        std::string right = left;
        EXPECT_TRUE(are_same(left.data(), right.data(), size));
        for (char& byte : right) {
            byte ^= 1;
            EXPECT_FALSE(are_same(left.data(), right.data(), size)) << size;
            byte ^= 1;
        }
    }
}

TEST(ByteSearch, AnswersTheEndWhereThereIsNone) {
    const std::string text(33, 'x');
    for (std::size_t size = 0; size <= text.size(); ++size) {
        const char* const end = text.data() + size;
        EXPECT_EQ(find_byte<ByteIs<':'>>(text.data(), end), end);
    }
}

} // namespace tollgate::http
