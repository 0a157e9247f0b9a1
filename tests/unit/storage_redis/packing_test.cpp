#include "storage/redis/packing.hpp"

namespace tollgate::storage::redis {

TEST(Packing, IsWhatStructUnpackReads) {
    Packer packer;
    packer.byte(7).small(258).number(-1);
    EXPECT_EQ(packer.bytes(), std::string("\x07\x02\x01\0\0\0\0\0\0\xF0\xBF", 11)); // '<BHd'
}

TEST(Packing, HoldsWholeNumbersExactly) {
    constexpr std::int64_t most = (std::int64_t{1} << 53) - 1;
    for (const std::int64_t number : {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, most, -most}) {
        Packer packer;
        packer.byte(255).small(65'535).number(number);
        Unpacker unpacker(packer.bytes());
        EXPECT_EQ(unpacker.byte(), 255);
        EXPECT_EQ(unpacker.small(), 65'535U);
        EXPECT_EQ(unpacker.number(), number);
        EXPECT_TRUE(unpacker.is_at_end());
        EXPECT_FALSE(unpacker.has_failed());
    }
}

TEST(Packing, TellsWhatIsTooShortOrNoNumberOfOurs) {
    Unpacker cut("\x01\x02");
    EXPECT_EQ(cut.number(), 0);
    EXPECT_TRUE(cut.has_failed());
    for (const auto& bits : {std::string("\0\0\0\0\0\0\xF8\x7F", 8), std::string("\0\0\0\0\0\0\xF0\x7F", 8),
                             std::string("\0\0\0\0\0\0\xF0\x43", 8)}) {
        Unpacker unpacker(bits); // no number, infinity, 2^64
        EXPECT_EQ(unpacker.number(), 0);
        EXPECT_TRUE(unpacker.has_failed());
    }
}

} // namespace tollgate::storage::redis
