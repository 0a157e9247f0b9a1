#include "tollgate/http/head.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <string>

namespace tollgate::http {

namespace {

base::Result<ResponseHead> parse(std::string_view bytes, std::string_view method = "POST") {
    static std::deque<std::string> kept; // a head's views point into the bytes
    return parse_response_head(kept.emplace_back(bytes), method, HeadLimits{});
}

std::string ok_with(std::string_view fields) {
    return "HTTP/1.1 200 OK\r\n" + std::string(fields) + "\r\n";
}

void expect_refused(std::string_view bytes) {
    const auto head = parse(bytes);
    ASSERT_FALSE(head.has_value()) << bytes;
    EXPECT_EQ(head.error().code, base::ErrorCode::invalid_response) << bytes;
    EXPECT_EQ(head.error().source, base::ErrorSource::upstream) << bytes;
}

} // namespace

TEST(ResponseHead, ReadsStatusFieldsAndFraming) {
    const auto head = parse("HTTP/1.1 429 Too Many Requests\r\nretry-after: 3\r\nContent-Length: 10\r\n\r\n");
    ASSERT_TRUE(head.has_value());
    EXPECT_EQ(head->status, 429);
    EXPECT_EQ(head->minor_version, 1);
    EXPECT_EQ(head->fields.find("Retry-After"), "3");
    EXPECT_EQ(head->framing.kind, Framing::Kind::length);
    EXPECT_EQ(head->framing.length, 10u);
    EXPECT_TRUE(head->keep_alive);
}

TEST(ResponseHead, AcceptsAnyReasonAndNone) {
    for (const char* line :
         {"HTTP/1.1 200", "HTTP/1.1 200 ", "HTTP/1.1 200 OK", "HTTP/1.0 200 caf\xc3\xa9\tx  y "}) {
        const auto head = parse(std::string(line) + "\r\nContent-Length: 0\r\n\r\n");
        ASSERT_TRUE(head.has_value()) << line;
        EXPECT_EQ(head->status, 200);
    }
}

TEST(ResponseHead, RefusesMalformedStatusLines) {
    for (const char* line : {"",
                             "HTTP/1.1",
                             "HTTP/1.1 ",
                             "HTTP/1.1 20",
                             "HTTP/1.1 2000",
                             "HTTP/1.1 000 x",
                             "HTTP/1.1 099 x",
                             "HTTP/1.1 600 x",
                             "HTTP/1.1 999 x",
                             "HTTP/1.1  200 OK",
                             "HTTP/1.1 -20 OK",
                             "HTTP/1.1 2x0 OK",
                             "HTTP/1.1\t200 OK",
                             "HTTP/1.1 200\tOK",
                             "HTTP/1.1 200OK",
                             "HTTP/1.2 200 OK",
                             "HTTP/2.0 200 OK",
                             "HTTP/0.9 200 OK",
                             "http/1.1 200 OK",
                             "ICY 200 OK",
                             "<html>",
                             " HTTP/1.1 200 OK",
                             "HTTP/1.1 200 O\x01K",
                             "HTTP/1.1 200 OK\n",
                             "HTTP/1.1 200 OK\r",
                             "GET / HTTP/1.1"}) {
        expect_refused(std::string(line) + "\r\nContent-Length: 0\r\n\r\n");
    }
    expect_refused("");
    expect_refused("HTTP/1.1 200 OK\n\n");
}

TEST(ResponseHead, ReadsEveryStatusFrom100To599But101) {
    for (int status = 100; status < 600; ++status) {
        const auto head = parse("HTTP/1.1 " + std::to_string(status) + " x\r\n\r\n");
        if (status == 101) {
            EXPECT_FALSE(head.has_value());
            continue;
        }
        ASSERT_TRUE(head.has_value()) << status;
        EXPECT_EQ(head->status, status);
    }
    expect_refused("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n");
}

TEST(ResponseHead, HasNoBodyForHeadAndSomeStatuses) {
    EXPECT_EQ(parse(ok_with("Content-Length: 5\r\n"), "HEAD").value().framing.kind, Framing::Kind::none);
    EXPECT_EQ(parse(ok_with(""), "HEAD").value().framing.kind, Framing::Kind::none);
    EXPECT_TRUE(parse(ok_with(""), "HEAD").value().keep_alive);
    for (const char* status : {"100", "102", "103", "199", "204", "304"}) {
        const auto head = parse("HTTP/1.1 " + std::string(status) + " x\r\n\r\n");
        ASSERT_TRUE(head.has_value()) << status;
        EXPECT_EQ(head->framing.kind, Framing::Kind::none) << status;
        EXPECT_TRUE(head->keep_alive) << status;
    }
}

TEST(ResponseHead, DoesNotReuseAConnectionWhoseEmptyAnswerAnnouncesBytes) {
    EXPECT_FALSE(parse("HTTP/1.1 204 x\r\nContent-Length: 5\r\n\r\n").value().keep_alive);
    EXPECT_FALSE(parse("HTTP/1.1 204 x\r\nTransfer-Encoding: chunked\r\n\r\n").value().keep_alive);
    EXPECT_TRUE(parse("HTTP/1.1 204 x\r\nContent-Length: 0\r\n\r\n").value().keep_alive);
    EXPECT_TRUE(parse("HTTP/1.1 304 x\r\nContent-Length: 5\r\n\r\n").value().keep_alive);
}

TEST(ResponseHead, EndsAtTheCloseWithoutFraming) {
    const auto head = parse(ok_with("Connection: keep-alive\r\n"));
    ASSERT_TRUE(head.has_value());
    EXPECT_EQ(head->framing.kind, Framing::Kind::until_close);
    EXPECT_FALSE(head->keep_alive);
}

TEST(ResponseHead, ReadsChunkedOnlyInHttp11) {
    EXPECT_EQ(parse(ok_with("Transfer-Encoding: Chunked\r\n")).value().framing.kind, Framing::Kind::chunked);
    expect_refused("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (const char* value : {"gzip", "gzip, chunked", "identity", "chunked, chunked", "xchunked", ""}) {
        expect_refused(ok_with("Transfer-Encoding: " + std::string(value) + "\r\n"));
    }
}

TEST(ResponseHead, RefusesAmbiguousFramingEvenWhereNoBodyMayCome) {
    for (const char* fields :
         {"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", "Content-Length: 1\r\nContent-Length: 1\r\n",
          "Content-Length: 1, 1\r\n", "Content-Length: -1\r\n", "Content-Length: +1\r\n",
          "Content-Length:\r\n", "Content-Length: 99999999999999999999\r\n", "Content-Length: 1 \x01\r\n",
          "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"}) {
        expect_refused(ok_with(fields));
        expect_refused("HTTP/1.1 204 No Content\r\n" + std::string(fields) + "\r\n");
    }
}

TEST(ResponseHead, RefusesMalformedFieldLines) {
    for (const char* field : {"X-A\r\n", "X-A : 1\r\n", ": 1\r\n", " X-A: 1\r\n", "X-A: 1\r\n folded\r\n",
                              "X-A: 1\n", "X-A: a\x7fz\r\n", "X-A: 1\rX-B: 2\r\n"}) {
        expect_refused(ok_with(field));
    }
    expect_refused(ok_with("") + "x");
    expect_refused("HTTP/1.1 200 OK\r\n");
}

TEST(ResponseHead, DecidesKeepAliveByVersionAndConnection) {
    const std::string length = "Content-Length: 0\r\n";
    EXPECT_TRUE(parse(ok_with(length)).value().keep_alive);
    EXPECT_FALSE(parse(ok_with(length + "Connection: close\r\n")).value().keep_alive);
    EXPECT_FALSE(parse("HTTP/1.0 200 OK\r\n" + length + "\r\n").value().keep_alive);
    EXPECT_TRUE(parse("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n" + length + "\r\n").value().keep_alive);
    // An upstream's odd element costs the reuse, not the answer.
    EXPECT_FALSE(parse(ok_with(length + "Connection: keep-alive; timeout=5\r\n")).value().keep_alive);
}

TEST(ResponseHead, HoldsItsLimits) {
    std::string fields;
    for (int i = 0; i < 100; ++i) fields += "a: b\r\n";
    EXPECT_TRUE(parse(ok_with(fields)).has_value());
    expect_refused(ok_with(fields + "a: b\r\n"));
    expect_refused(ok_with("a: " + std::string(16 * 1024, 'x') + "\r\n"));
}

} // namespace tollgate::http
