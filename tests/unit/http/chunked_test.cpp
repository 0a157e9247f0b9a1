#include "tollgate/http/chunked.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace tollgate::http {

namespace {

struct Decoded {
    std::string body{};
    std::size_t consumed = 0;
    bool is_done = false;
    bool is_refused = false;
};

/// Reads pieces of `step` bytes, 0 for all at once, until the end, a refusal or the last byte.
Decoded decode(std::string_view bytes, std::size_t step = 0) {
    ChunkedReader reader;
    Decoded decoded;
    while (decoded.consumed < bytes.size() && !reader.is_done()) {
        const std::string_view piece = bytes.substr(decoded.consumed, step == 0 ? bytes.size() : step);
        const auto read = reader.next(piece);
        if (!read) {
            decoded.is_refused = true;
            EXPECT_EQ(read.error().code, base::ErrorCode::malformed_request);
            return decoded;
        }
        EXPECT_GT(read->consumed, 0u);
        EXPECT_LE(read->consumed, piece.size());
        decoded.body.append(read->payload);
        decoded.consumed += read->consumed;
    }
    decoded.is_done = reader.is_done();
    return decoded;
}

} // namespace

TEST(ChunkedReader, ReadsChunksExtensionsAndTrailers) {
    const Decoded decoded =
        decode("5\r\nhello\r\n6;name=value; q=\"a b\"\r\n world\r\n0\r\nX-Sum: 1\r\nX-B:\r\n\r\n");
    EXPECT_EQ(decoded.body, "hello world");
    EXPECT_TRUE(decoded.is_done);
}

TEST(ChunkedReader, LeavesWhatFollowsAlone) {
    const std::string body = "1\r\na\r\n0\r\n\r\n";
    const Decoded decoded = decode(body + "GET / HTTP/1.1\r\n");
    EXPECT_TRUE(decoded.is_done);
    EXPECT_EQ(decoded.consumed, body.size());
    EXPECT_EQ(decode("0\r\n\r\n").consumed, 5u);
}

TEST(ChunkedReader, ConsumesNothingWhenDone) {
    ChunkedReader reader;
    EXPECT_EQ(reader.next("0\r\n\r\n").value().consumed, 5u);
    EXPECT_EQ(reader.next("0\r\n\r\n").value().consumed, 0u);
}

TEST(ChunkedReader, EverySplitGivesTheSameBody) {
    const std::string bytes = "a\r\n0123456789\r\n00B;x\r\nabcdefghijk\r\n1\r\n\r\r\n000\r\nT: v\r\n\r\n";
    const Decoded whole = decode(bytes);
    EXPECT_EQ(whole.body, "0123456789abcdefghijk\r");
    EXPECT_TRUE(whole.is_done);
    for (std::size_t step = 1; step < bytes.size(); ++step) {
        const Decoded split = decode(bytes, step);
        EXPECT_EQ(split.body, whole.body) << step;
        EXPECT_EQ(split.consumed, whole.consumed) << step;
        EXPECT_TRUE(split.is_done) << step;
    }
}

TEST(ChunkedReader, RefusesWhatTwoReadersCouldReadDifferently) {
    for (const char* bytes : {"\r\n",
                              "\n",
                              " 5\r\n",
                              "5 \r\nhello\r\n",
                              "5\t;a\r\nhello\r\n",
                              "+5\r\n",
                              "-1\r\n",
                              "0x5\r\n",
                              "5\nhello\r\n",
                              "5\rhello\r\n",
                              "5\r\nhello\n",
                              "5\r\nhello!\r\n",
                              "5\r\nhelloX\n",
                              "5\r\nhello\r5\r\n",
                              "5,5\r\n",
                              "g\r\n",
                              "\xef\xbc\x95\r\n",
                              "5;a\nhello",
                              "5;a\x01\r\n",
                              "5;a\x7f\r\n",
                              "5;a\rb\r\n",
                              ";a\r\n",
                              "0\r\n\n",
                              "0\r\n\rX",
                              "0\r\nX\r\n\r\n",
                              "0\r\nX : 1\r\n\r\n",
                              "0\r\n: 1\r\n\r\n",
                              "0\r\n X: 1\r\n\r\n",
                              "0\r\nX: 1\r\n folded\r\n\r\n",
                              "0\r\nX: 1\n\r\n",
                              "0\r\nX: a\x01\r\n\r\n",
                              "0\r\nX\x80: 1\r\n\r\n",
                              "0\n\r\n",
                              "00000000000000000\r\n",
                              "10000000000000000\r\n"}) {
        EXPECT_TRUE(decode(bytes).is_refused) << bytes;
        EXPECT_TRUE(decode(bytes, 1).is_refused) << bytes;
    }
    EXPECT_TRUE(decode(std::string_view("5;\0\r\n", 5)).is_refused);
}

TEST(ChunkedReader, ReadsSizesUpTo64Bits) {
    EXPECT_FALSE(decode("ffffffffffffffff\r\nabc").is_refused);
    EXPECT_EQ(decode("FFFFFFFFFFFFFFFF\r\nabc").body, "abc");
    EXPECT_EQ(decode("0000000000000003\r\nabc\r\n").body, "abc");
}

TEST(ChunkedReader, IsNotDoneBeforeTheLastByte) {
    const std::string bytes = "2\r\nab\r\n0\r\nT: v\r\n\r\n";
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        EXPECT_FALSE(decode(std::string_view(bytes).substr(0, size)).is_done) << size;
    }
}

TEST(ChunkedReader, BoundsExtensionsAndTrailersTogether) {
    const std::string filler(8 * 1024, 'x');
    const auto body = [&filler](std::size_t more) {
        return "0;" + filler + "\r\nT:" + filler.substr(5) + std::string(more, 'x') + "\r\n\r\n";
    };
    EXPECT_TRUE(decode(body(0)).is_done);
    EXPECT_TRUE(decode(body(1)).is_refused);
    std::string many;
    for (int i = 0; i < 20'000; ++i) many += "1;\r\na\r\n";
    EXPECT_TRUE(decode(many).is_refused);
}

TEST(ChunkedReader, DecodesWhatWasEncodedWithAnySizesAndSplits) {
    std::mt19937 random(3);
    for (int round = 0; round < 300; ++round) {
        std::string body;
        std::string wire;
        for (unsigned chunk = random() % 6; chunk > 0; --chunk) {
            std::string piece(1 + random() % 40, '\0');
            for (char& byte : piece) byte = static_cast<char>(random());
            char size[8];
            std::snprintf(size, sizeof size, random() % 2 ? "%zx" : "%zX", piece.size());
            wire += std::string(size) + (random() % 3 ? "" : ";e") + "\r\n" + piece + "\r\n";
            body += piece;
        }
        wire += "0\r\n\r\n";
        const Decoded decoded = decode(wire, random() % 9);
        EXPECT_EQ(decoded.body, body);
        EXPECT_TRUE(decoded.is_done);
    }
}

} // namespace tollgate::http
