#include "config/values.hpp"

#include <gtest/gtest.h>

namespace tollgate::config {

using namespace std::chrono_literals;

namespace {

template <class T>
std::optional<T> value_of(std::string_view text) {
    T value{};
    return read_value(text, value) ? std::nullopt : std::optional<T>(value);
}

} // namespace

TEST(Values, ReadSizes) {
    EXPECT_EQ(value_of<std::uint64_t>("0"), 0U);
    EXPECT_EQ(value_of<std::uint64_t>("1000"), 1000U);
    EXPECT_EQ(value_of<std::uint64_t>("16KiB"), 16384U);
    EXPECT_EQ(value_of<std::uint64_t>("10MiB"), 10485760U);
    EXPECT_EQ(value_of<std::uint64_t>("2GiB"), 2147483648U);
    for (const std::string_view text :
         {"", "KiB", "1KB", "1kib", "1 KiB", "-1", "1.5MiB", "1e3", "0x10", "1KiBx", "9223372036854775808",
          "9223372036854775807KiB", "99999999999999999999"}) {
        EXPECT_EQ(value_of<std::uint64_t>(text), std::nullopt) << text;
    }
}

TEST(Values, ReadDurations) {
    EXPECT_EQ(value_of<Duration>("0s"), 0s);
    EXPECT_EQ(value_of<Duration>("500ms"), 500ms);
    EXPECT_EQ(value_of<Duration>("90s"), 90s);
    EXPECT_EQ(value_of<Duration>("15m"), 15min);
    EXPECT_EQ(value_of<Duration>("12h"), 12h);
    for (const std::string_view text :
         {"", "5", "s", "5d", "5 s", "1h30m", "1.5s", "-1s", "5S", "9999999999999999h"}) {
        EXPECT_EQ(value_of<Duration>(text), std::nullopt) << text;
    }
}

TEST(Values, AreWrittenInMessagesAsTheyAreReadFromFiles) {
    for (const std::string_view text : {"0ms", "1ms", "1500ms", "90s", "15m", "24h"}) {
        EXPECT_EQ(text_of(value_of<Duration>(text).value()), text);
    }
    for (const std::string_view text : {"0", "1", "1025", "16KiB", "10MiB", "3GiB"}) {
        EXPECT_EQ(text_of(value_of<std::uint64_t>(text).value()), text);
    }
}

TEST(Values, ReadListenAddressesAndWriteThemBack) {
    for (const std::string_view text : {"127.0.0.1:8080", "[::1]:0", "localhost:65535", "0.0.0.0:80",
                                        "unix:/run/t.sock", "unix:relative.sock"}) {
        const auto address = value_of<ListenAddress>(text);
        ASSERT_TRUE(address.has_value()) << text;
        EXPECT_EQ(to_string(*address), text);
    }
    for (const std::string_view text :
         {"", ":80", "host", "host:", "host:-1", "host:65536", "::1:80", "[::1]", "[host]:80", "[]:80",
          "ho st:80", "http://h:80", "unix:", "a:b:80"}) {
        EXPECT_EQ(value_of<ListenAddress>(text), std::nullopt) << text;
    }
    EXPECT_EQ(value_of<ListenAddress>("unix:" + std::string(108, 'x')), std::nullopt);
}

TEST(Values, HideTheCredentialsOfADatabaseForDisplay) {
    struct Row {
        std::string_view url;
        std::string_view display;
    };
    for (const Row& row :
         {Row{"postgres://h/d", "postgres://h/d"}, Row{"postgresql://u:p@h:1/d", "postgresql://h:1/d"},
          Row{"postgresql://u:p@x@h/d?password=p", "postgresql://h/d"},
          Row{"postgresql://", "postgresql://"}}) {
        std::variant<SqliteDatabase, PostgresDatabase> database;
        ASSERT_EQ(read_value(row.url, database), std::nullopt);
        EXPECT_EQ(std::get<PostgresDatabase>(database).display, row.display);
    }
}

TEST(Values, CheckAddressBlocks) {
    for (const std::string_view text :
         {"10.0.0.1", "10.0.0.0/8", "0.0.0.0/0", "::1", "2001:db8::/32", "::/128"}) {
        EXPECT_EQ(check_address_block(text), std::nullopt) << text;
    }
    for (const std::string_view text :
         {"", "/8", "10.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/x", "::/129", "host", "1.2.3.4/8/8"}) {
        EXPECT_NE(check_address_block(text), std::nullopt) << text;
    }
}

TEST(NearestName, FindsWhatWasMistypedAndNothingElse) {
    const std::vector<std::string_view> names{"head", "headers", "body", "connections"};
    EXPECT_EQ(nearest_name("header", names), "headers");
    EXPECT_EQ(nearest_name("conections", names), "connections");
    EXPECT_EQ(nearest_name("bdoy", names), "body");
    EXPECT_EQ(nearest_name("zzzz", names), "");
    EXPECT_EQ(nearest_name("", names), "");
    EXPECT_EQ(nearest_name(std::string(10'000, 'h'), names), "");
    EXPECT_EQ(nearest_name("head", {}), "");
}

} // namespace tollgate::config
