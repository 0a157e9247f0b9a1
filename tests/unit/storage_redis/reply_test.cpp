#include "storage/redis/reply.hpp"

namespace tollgate::storage::redis {

namespace {

Reply read(std::string_view bytes) {
    ReplyReader reader;
    reader.feed(bytes);
    auto reply = reader.next();
    EXPECT_TRUE(reply && *reply) << bytes;
    return reply && *reply ? **reply : Reply{};
}

constexpr std::string_view nested = "*4\r\n:-7\r\n$5\r\na\r\nb\0\r\n*2\r\n$-1\r\n*0\r\n+OK\r\n";

} // namespace

TEST(ReplyReader, ReadsEveryKind) {
    EXPECT_EQ(read("+OK\r\n").kind, Reply::Kind::status);
    EXPECT_EQ(read("+OK\r\n").text, "OK");
    EXPECT_TRUE(read("-NOSCRIPT No script\r\n").is_error());
    EXPECT_EQ(read("-NOSCRIPT No script\r\n").text, "NOSCRIPT No script");
    EXPECT_EQ(read(":9007199254740993\r\n").integer, 9'007'199'254'740'993);
    EXPECT_EQ(read("$-1\r\n").kind, Reply::Kind::nil);
    EXPECT_EQ(read("*-1\r\n").kind, Reply::Kind::nil);
    EXPECT_EQ(read("$0\r\n\r\n").text, "");
    EXPECT_EQ(read("*0\r\n").kind, Reply::Kind::array);
}

TEST(ReplyReader, ReadsArraysInArraysWithAnyBytes) {
    using namespace std::string_literals;
    const Reply reply = read("*4\r\n:-7\r\n$5\r\na\r\nb\0\r\n*2\r\n$-1\r\n*0\r\n+OK\r\n"s);
    ASSERT_EQ(reply.elements.size(), 4U);
    EXPECT_EQ(reply.number(0), -7);
    EXPECT_EQ(reply.elements[1].text, "a\r\nb\0"s);
    ASSERT_EQ(reply.elements[2].elements.size(), 2U);
    EXPECT_EQ(reply.elements[2].elements[0].kind, Reply::Kind::nil);
    EXPECT_EQ(reply.elements[3].text, "OK");
    EXPECT_EQ(reply.number(99), 0);
}

TEST(ReplyReader, WaitsForTheRestWhereverTheBytesAreCut) {
    const std::string bytes = "*2\r\n$3\r\nabc\r\n:5\r\n+next\r\n";
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        ReplyReader reader;
        std::vector<Reply> found;
        for (const std::string_view part :
             {std::string_view(bytes).substr(0, cut), std::string_view(bytes).substr(cut)}) {
            reader.feed(part);
            for (auto reply = reader.next(); reply && *reply; reply = reader.next()) found.push_back(**reply);
        }
        ASSERT_EQ(found.size(), 2U) << cut;
        EXPECT_EQ(found[0].elements[0].text, "abc");
        EXPECT_EQ(found[1].text, "next");
    }
}

TEST(ReplyReader, RefusesWhatIsNotTheProtocol) {
    for (const std::string_view bytes :
         {"HTTP/1.1 200 OK\r\n\r\n", "$x\r\n", ":1x\r\n", "*99999999999\r\n"}) {
        ReplyReader reader;
        reader.feed(bytes);
        const auto reply = reader.next();
        EXPECT_FALSE(reply.has_value()) << bytes;
    }
}

TEST(ReplyReader, GivesHalfAReplyBackWhenItDies) {
    ReplyReader reader;
    reader.feed(nested.substr(0, 20));
    const auto reply = reader.next();
    EXPECT_TRUE(reply && !*reply); // the leak sanitizer has the last word
}

} // namespace tollgate::storage::redis
