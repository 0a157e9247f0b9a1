#include "storage/redis/command.hpp"

namespace tollgate::storage::redis {

TEST(Command, IsWrittenWithTheLengthOfEveryWord) {
    EXPECT_EQ(Command({"GET", "a"}).encode(), "*2\r\n$3\r\nGET\r\n$1\r\na\r\n");
    EXPECT_EQ(Command({"SET"}).add("").add("b\r\nDEL x").encode(),
              "*3\r\n$3\r\nSET\r\n$0\r\n\r\n$8\r\nb\r\nDEL x\r\n");
}

TEST(Command, TakesAnyBytes) {
    const std::string zero(1, '\0');
    EXPECT_EQ(Command({"X", zero}).encode(), "*2\r\n$1\r\nX\r\n$1\r\n" + zero + "\r\n");
}

TEST(Numbers, AreEightBytesEachTheLeastFirst) {
    Numbers numbers{1, -1};
    numbers.add(0x0102030405060708);
    EXPECT_EQ(numbers.bytes(), std::string("\1\0\0\0\0\0\0\0", 8) + std::string(8, '\xFF') +
                                   "\x08\x07\x06\x05\x04\x03\x02\x01");
}

} // namespace tollgate::storage::redis
