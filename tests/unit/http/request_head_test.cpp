#include "tollgate/http/head.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <random>
#include <string>

namespace tollgate::http {

namespace {

using base::ErrorCode;

base::Result<RequestHead> parse(std::string_view bytes) {
    static std::deque<std::string> kept; // a head's views point into the bytes
    return parse_request_head(kept.emplace_back(bytes), HeadLimits{});
}

std::string with_fields(std::string_view fields) {
    return "GET / HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n";
}

std::string post_with(std::string_view fields) {
    return "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n";
}

std::string with_target(std::string_view target) {
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

void expect_refused(std::string_view bytes, ErrorCode code) {
    const auto head = parse(bytes);
    ASSERT_FALSE(head.has_value()) << bytes;
    EXPECT_EQ(head.error().code, code) << bytes;
    EXPECT_EQ(head.error().source, base::ErrorSource::client) << bytes;
    EXPECT_FALSE(head.error().message.empty());
}

} // namespace

TEST(RequestHead, ReadsLineFieldsAndFraming) {
    const auto head = parse("POST /v1/chat/completions?a=1&b=%20 HTTP/1.1\r\n"
                            "Host: api.example:8080\r\n"
                            "Authorization:   Bearer sk-x \t\r\n"
                            "X-Empty:\r\n"
                            "content-LENGTH: 42\r\n\r\n");
    ASSERT_TRUE(head.has_value()) << head.error().message;
    EXPECT_EQ(head->method, "POST");
    EXPECT_EQ(head->target, "/v1/chat/completions?a=1&b=%20");
    EXPECT_EQ(head->path, "/v1/chat/completions");
    EXPECT_EQ(head->query, "a=1&b=%20");
    EXPECT_EQ(head->minor_version, 1);
    EXPECT_EQ(head->fields.size(), 4u);
    EXPECT_EQ(head->fields.find("authorization"), "Bearer sk-x");
    EXPECT_TRUE(head->fields.has("x-empty"));
    EXPECT_NE(head->fields.find("x-empty").data(), nullptr);
    EXPECT_EQ(head->fields.find("absent").data(), nullptr);
    EXPECT_EQ(head->framing.kind, Framing::Kind::length);
    EXPECT_EQ(head->framing.length, 42u);
    EXPECT_TRUE(head->keep_alive);
    EXPECT_FALSE(head->expects_continue);
}

TEST(RequestHead, CountsRepeatedFieldsAndFindsTheFirst) {
    const auto head = parse(with_fields("x-api-key: one\r\nX-API-Key: two\r\n"));
    ASSERT_TRUE(head.has_value());
    EXPECT_EQ(head->fields.count("x-api-key"), 2u);
    EXPECT_EQ(head->fields.find("X-Api-Key"), "one");
}

TEST(RequestHead, AcceptsAStarForOptionsOnly) {
    EXPECT_EQ(parse("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").value().path, "*");
    expect_refused(with_target("*"), ErrorCode::malformed_request);
    expect_refused("OPTIONS ** HTTP/1.1\r\nHost: a\r\n\r\n", ErrorCode::malformed_request);
}

TEST(RequestHead, RefusesMalformedRequestLines) {
    for (const char* line : {"",
                             "GET",
                             "GET /",
                             "GET / ",
                             "GET  / HTTP/1.1",
                             "GET /  HTTP/1.1",
                             "GET / HTTP/1.1 ",
                             " GET / HTTP/1.1",
                             "GET\t/ HTTP/1.1",
                             "GET / http/1.1",
                             "GET / HTTP/1",
                             "GET / HTTP/1.10",
                             "GET / HTTP/a.1",
                             "GET / HTTP/1,1",
                             "GET / HTTPS/1.1",
                             "G(T / HTTP/1.1",
                             "\x01GET / HTTP/1.1",
                             "GET / HTTP/1.1\r",
                             "GET / HTTP/1.1\n",
                             "GET /a b HTTP/1.1",
                             "\xc3\xa9 / HTTP/1.1",
                             "/ HTTP/1.1"}) {
        expect_refused(std::string(line) + "\r\nHost: a\r\n\r\n", ErrorCode::malformed_request);
    }
    expect_refused("", ErrorCode::malformed_request);
    expect_refused("\r\n", ErrorCode::malformed_request);
    expect_refused("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", ErrorCode::malformed_request);
}

TEST(RequestHead, RefusesOtherVersions) {
    for (const char* version : {"HTTP/0.9", "HTTP/1.2", "HTTP/1.9", "HTTP/2.0", "HTTP/3.0", "HTTP/9.9"}) {
        expect_refused("GET / " + std::string(version) + "\r\nHost: a\r\n\r\n",
                       ErrorCode::version_not_supported);
    }
    expect_refused("PRI * HTTP/2.0\r\n\r\n", ErrorCode::version_not_supported);
}

TEST(RequestHead, NeverTunnelsOrTraces) {
    expect_refused("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", ErrorCode::not_implemented);
    expect_refused("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", ErrorCode::not_implemented);
    const auto upgrade = parse(with_fields("Connection: Upgrade\r\nUpgrade: websocket\r\n"));
    ASSERT_TRUE(upgrade.has_value());
    EXPECT_TRUE(upgrade->keep_alive);
}

TEST(RequestHead, AcceptsOriginFormTargets) {
    for (const char* target : {"/", "//", "/v1/models/openai%2Fgpt-4o", "/a?", "/a??b", "/?q=a/b?c",
                               "/a;b=c@d:e!$&'()*+,", "/~u/_-.", "/a?filter[x]={1}|2", "/../../etc"}) {
        const auto head = parse(with_target(target));
        ASSERT_TRUE(head.has_value()) << target;
        EXPECT_EQ(head->target, target);
    }
    EXPECT_EQ(parse(with_target("/a?b?c")).value().query, "b?c");
    EXPECT_EQ(parse(with_target("/a?")).value().query, "");
}

TEST(RequestHead, RefusesOtherTargets) {
    for (const char* target : {"http://a/",
                               "https://a/v1/models",
                               "a",
                               "a:80",
                               "?a",
                               "*a",
                               "/a#b",
                               "/a?b#c",
                               "/a\"b",
                               "/<a>",
                               "/a\\b",
                               "/%",
                               "/%4",
                               "/%4g",
                               "/%%41",
                               "/a?b=100%",
                               "/\x7f",
                               "/\x01",
                               "/a\tb",
                               "/\x80",
                               "/caf\xc3\xa9",
                               "/\xff"}) {
        expect_refused(with_target(target), ErrorCode::malformed_request);
    }
    expect_refused(std::string("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 28), ErrorCode::malformed_request);
}

TEST(RequestHead, EveryByteInATargetIsEitherKeptOrRefused) {
    for (int byte = 0; byte < 256; ++byte) {
        const std::string target = "/a" + std::string(1, static_cast<char>(byte)) + "b";
        const auto head = parse(with_target(target));
        const bool is_plain =
            byte > 0x20 && byte < 0x7f &&
            std::string_view("#\"<>\\%").find(static_cast<char>(byte)) == std::string_view::npos;
        EXPECT_EQ(head.has_value(), is_plain) << byte;
        if (head) EXPECT_EQ(head->target, target);
    }
}

TEST(RequestHead, RefusesMalformedFieldLines) {
    for (const char* field :
         {"X-A\r\n", "X-A : 1\r\n", "X A: 1\r\n", ": 1\r\n", " X-A: 1\r\n", "\tX-A: 1\r\n",
          "X-A: 1\r\n folded\r\n", "X-A: 1\r\n\tfolded\r\n", "X-A: 1\n", "X-A: 1\nX-B: 2\r\n", "X-A: 1\r",
          "X-A: 1\rX-B: 2\r\n", "X-A: a\x01z\r\n", "X-A: a\x7fz\r\n", "X\x80: 1\r\n", "X(A): 1\r\n",
          "X-A: 1\r\r\n", "\r: 1\r\n"}) {
        expect_refused(with_fields(field), ErrorCode::malformed_request);
    }
    expect_refused(with_fields(std::string_view("X-A: a\0b\r\n", 10)), ErrorCode::malformed_request);
    expect_refused("GET / HTTP/1.1\r\n Host: a\r\n\r\n", ErrorCode::malformed_request);
    expect_refused("GET / HTTP/1.1\nHost: a\n\n", ErrorCode::malformed_request);
}

TEST(RequestHead, AcceptsTabsAndHighBytesInValuesAndUnderscoresInNames) {
    const auto head = parse(with_fields("X-A:\ta\tb c\xc3\xa9\t\r\nx_b: 1\r\n"));
    ASSERT_TRUE(head.has_value());
    EXPECT_EQ(head->fields.find("x-a"), "a\tb c\xc3\xa9");
    EXPECT_EQ(head->fields.find("x_b"), "1");
    EXPECT_FALSE(head->fields.has("x-b"));
}

TEST(RequestHead, TakesOnceWhatDecidesAtTheProvider) {
    for (const std::string name : {"Content-Type", "Idempotency-Key"}) {
        EXPECT_TRUE(parse(with_fields(name + ": a\r\n")).has_value()) << name;
        expect_refused(with_fields(name + ": a\r\n" + name + ": a\r\n"), ErrorCode::malformed_request);
    }
    EXPECT_TRUE(parse(with_fields("User-Agent: a\r\nUser-Agent: b\r\n")).has_value());
}

TEST(RequestHead, DemandsExactlyOneHead) {
    expect_refused("GET / HTTP/1.1\r\nHost: a\r\n", ErrorCode::malformed_request);
    expect_refused("GET / HTTP/1.1\r\nHost: a", ErrorCode::malformed_request);
    expect_refused(with_fields("") + "x", ErrorCode::malformed_request);
    expect_refused(with_fields("") + with_fields(""), ErrorCode::malformed_request);
}

TEST(RequestHead, DemandsOneValidHost) {
    expect_refused("GET / HTTP/1.1\r\n\r\n", ErrorCode::malformed_request);
    expect_refused("GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", ErrorCode::malformed_request);
    expect_refused("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", ErrorCode::malformed_request);
    for (const char* host : {"",        "a b",     "a,b",        "a/b",   "user@a", "a:",          "a:x",
                             "a:80:80", "a:65536", "a:000080",   ":80",   "[::1",   "::1",         "[]",
                             "[1]",     "[::1]x",  "[::1%eth0]", "[::g]", "a\\b",   "caf\xc3\xa9", "a?b"}) {
        expect_refused("GET / HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n",
                       ErrorCode::malformed_request);
    }
    for (const char* host : {"a", "a:0", "127.0.0.1:65535", "[::1]", "[2001:DB8::1]:443", "[::ffff:1.2.3.4]",
                             "my_service.local", "a-b.example."}) {
        EXPECT_TRUE(parse("GET / HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n").has_value()) << host;
    }
    EXPECT_TRUE(parse("GET / HTTP/1.0\r\n\r\n").has_value());
}

TEST(RequestHead, ReadsLengths) {
    EXPECT_EQ(parse(post_with("Content-Length: 0\r\n")).value().framing.kind, Framing::Kind::length);
    EXPECT_EQ(parse(post_with("Content-Length: 9223372036854775807\r\n")).value().framing.length,
              9223372036854775807u);
    EXPECT_EQ(parse(with_fields("Content-Length: 3\r\n")).value().framing.length, 3u);
    EXPECT_EQ(parse(with_fields("")).value().framing.kind, Framing::Kind::none);
}

TEST(RequestHead, RefusesOddLengths) {
    for (const char* value :
         {"", "-1", "+1", "1,1", "1, 1", "1 1", "0x10", "1.0", "1e3", "99999999999999999999",
          "18446744073709551616", "\"1\"", "1;", "a", "\xd9\xa1"}) {
        expect_refused(post_with("Content-Length: " + std::string(value) + "\r\n"),
                       ErrorCode::malformed_request);
    }
    expect_refused(post_with("Content-Length: 1\r\nContent-Length: 1\r\n"), ErrorCode::malformed_request);
    expect_refused(post_with("Content-Length: 1\r\ncontent-length: 2\r\n"), ErrorCode::malformed_request);
}

TEST(RequestHead, ReadsExactlyChunkedAndNoOtherCoding) {
    EXPECT_EQ(parse(post_with("Transfer-Encoding: chunked\r\n")).value().framing.kind,
              Framing::Kind::chunked);
    EXPECT_EQ(parse(post_with("transfer-encoding:CHUNKED \r\n")).value().framing.kind,
              Framing::Kind::chunked);
    for (const char* value : {"gzip", "identity", "gzip, chunked", "chunked, chunked", "chunked;a=b",
                              "x-chunked", "chunked,", ",chunked", "\"chunked\"", "xchunked", ""}) {
        expect_refused(post_with("Transfer-Encoding: " + std::string(value) + "\r\n"),
                       ErrorCode::not_implemented);
    }
    expect_refused(post_with("Transfer-Encoding: chunked\x0b\r\n"), ErrorCode::malformed_request);
    expect_refused(post_with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
                   ErrorCode::malformed_request);
    expect_refused(post_with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"),
                   ErrorCode::malformed_request);
    expect_refused(post_with("Content-Length: 5\r\nTransfer-Encoding: identity\r\n"),
                   ErrorCode::malformed_request);
    expect_refused("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", ErrorCode::malformed_request);
}

TEST(RequestHead, DemandsALengthWhereABodyIsMeant) {
    for (const char* method : {"POST", "PUT", "PATCH"}) {
        expect_refused(std::string(method) + " / HTTP/1.1\r\nHost: a\r\n\r\n", ErrorCode::length_required);
    }
    for (const char* method : {"GET", "HEAD", "DELETE", "OPTIONS", "post", "UNKNOWN"}) {
        EXPECT_TRUE(parse(std::string(method) + " / HTTP/1.1\r\nHost: a\r\n\r\n").has_value()) << method;
    }
}

TEST(RequestHead, ReadsTheExpectation) {
    EXPECT_TRUE(parse(post_with("Expect: 100-Continue\r\nContent-Length: 5\r\n")).value().expects_continue);
    EXPECT_TRUE(
        parse(post_with("Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n")).value().expects_continue);
    EXPECT_FALSE(parse(post_with("Expect: 100-continue\r\nContent-Length: 0\r\n")).value().expects_continue);
    EXPECT_FALSE(parse(with_fields("Expect: 100-continue\r\n")).value().expects_continue);
    EXPECT_FALSE(parse("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
                     .value()
                     .expects_continue);
    for (const char* fields : {"Expect: 200-ok\r\n", "Expect:\r\n", "Expect: 100-continue, x\r\n",
                               "Expect: 100-continue\r\nExpect: 100-continue\r\n"}) {
        expect_refused(post_with(std::string(fields) + "Content-Length: 5\r\n"),
                       ErrorCode::expectation_failed);
    }
}

TEST(RequestHead, DecidesKeepAliveByVersionAndConnection) {
    struct Case {
        const char* version;
        const char* fields;
        bool keep_alive;
    };
    for (const Case& it :
         {Case{"1.1", "", true}, Case{"1.1", "Connection: close\r\n", false},
          Case{"1.1", "connection: CLOSE\r\n", false}, Case{"1.1", "Connection: keep-alive\r\n", true},
          Case{"1.1", "Connection: keep-alive, close\r\n", false},
          Case{"1.1", "Connection: te ,\t, close\r\n", false},
          Case{"1.1", "Connection: x\r\nConnection: close\r\n", false},
          Case{"1.1", "Connection: closed\r\n", true}, Case{"1.1", "Connection:\r\n", true},
          Case{"1.0", "", false}, Case{"1.0", "Connection: Keep-Alive\r\n", true},
          Case{"1.0", "Connection: keep-alive, close\r\n", false}}) {
        const auto head =
            parse("GET / HTTP/" + std::string(it.version) + "\r\nHost: a\r\n" + it.fields + "\r\n");
        ASSERT_TRUE(head.has_value()) << it.fields;
        EXPECT_EQ(head->keep_alive, it.keep_alive) << it.version << ' ' << it.fields;
    }
    expect_refused(with_fields("Connection: close;x\r\n"), ErrorCode::malformed_request);
    expect_refused(with_fields("Connection: \"close\"\r\n"), ErrorCode::malformed_request);
}

TEST(RequestHead, HoldsItsLimits) {
    std::string fields;
    for (int i = 0; i < 99; ++i) fields += "a: b\r\n";
    EXPECT_TRUE(parse(with_fields(fields)).has_value());
    expect_refused(with_fields(fields + "a: b\r\n"), ErrorCode::head_too_large);

    const std::size_t frame = with_fields("a: \r\n").size();
    EXPECT_TRUE(parse(with_fields("a: " + std::string(16 * 1024 - frame, 'x') + "\r\n")).has_value());
    expect_refused(with_fields("a: " + std::string(16 * 1024 - frame + 1, 'x') + "\r\n"),
                   ErrorCode::head_too_large);
}

TEST(RequestHead, ViewsStayWithinTheBytesWhateverIsChanged) {
    const std::string sample =
        post_with("Content-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n");
    std::mt19937 random(11);
    for (int round = 0; round < 20'000; ++round) {
        std::string bytes = sample;
        for (int change = 0; change < 2; ++change)
            bytes[random() % bytes.size()] = static_cast<char>(random());
        const auto head = parse_request_head(bytes, HeadLimits{});
        if (!head) continue;
        for (const Field& field : head->fields) {
            EXPECT_GE(field.name.data(), bytes.data());
            EXPECT_LE(field.value.data() + field.value.size(), bytes.data() + bytes.size());
            EXPECT_EQ(field.value.find_first_of(std::string_view("\r\n\0", 3)), std::string_view::npos);
        }
        EXPECT_EQ(head->fields.count("host"), 1u);
        EXPECT_TRUE(head->framing.kind != Framing::Kind::none || head->method != "POST");
    }
}

TEST(FindHeadEnd, FindsTheBlankLineAndNothingBehindIt) {
    std::size_t scanned = 0;
    EXPECT_EQ(find_head_end("GET / HTTP/1.1\r\nHost: a\r\n\r\nbody\r\n\r\n", scanned), 27u);
    scanned = 0;
    EXPECT_EQ(find_head_end("", scanned), 0u);
    EXPECT_EQ(find_head_end("GET / HTTP/1.1\r\nHost: a\r\n\r", scanned), 0u);
    EXPECT_EQ(scanned, 26u);
}

TEST(FindHeadEnd, GivesTheSameAnswerWhenTheHeadDrips) {
    const std::string bytes = "GET / HTTP/1.1\r\nHost: a\r\nX-A: b\r\n\r\nrest";
    for (std::size_t step = 1; step <= bytes.size(); ++step) {
        std::size_t scanned = 0;
        std::size_t end = 0;
        std::size_t size = 0;
        while (end == 0 && size < bytes.size()) {
            size = std::min(size + step, bytes.size());
            end = find_head_end(std::string_view(bytes).substr(0, size), scanned);
            EXPECT_LE(scanned, size);
        }
        EXPECT_EQ(end, bytes.size() - 4) << step;
    }
}

TEST(FindHeadEnd, StopsAtBareLineFeedsSoThatTheyAreRefusedAtOnce) {
    for (const char* bytes : {"GET / HTTP/1.1\nHost: a\n\n", "GET / HTTP/1.1\r\nHost: a\n\r\n", "\r\n", "\n",
                              "GET / HTTP/1.1\r\nHost: a\r\n\n"}) {
        std::size_t scanned = 0;
        EXPECT_EQ(find_head_end(bytes, scanned), std::string_view(bytes).size());
        expect_refused(bytes, ErrorCode::malformed_request);
    }
}

TEST(FieldName, ComparesWithoutCaseInAsciiOnly) {
    EXPECT_TRUE(equals_ignoring_case("Content-TYPE", "content-type"));
    EXPECT_TRUE(equals_ignoring_case("", ""));
    EXPECT_FALSE(equals_ignoring_case("a", "aa"));
    EXPECT_FALSE(equals_ignoring_case("@", "`"));
    EXPECT_FALSE(equals_ignoring_case("[", "{"));
    EXPECT_FALSE(equals_ignoring_case("\xc3\x89", "\xc3\xa9"));
}

} // namespace tollgate::http
