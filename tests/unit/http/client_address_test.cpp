#include "tollgate/http/client_address.hpp"

#include <gtest/gtest.h>

namespace tollgate::http {
namespace {

std::string address_of(std::string_view peer, const std::vector<std::string>& forwarded,
                       const std::vector<std::string>& trusted) {
    Fields fields;
    fields.add({"host", "x"});
    for (const std::string& value : forwarded) fields.add({"X-Forwarded-For", value});
    return find_client_address(peer, fields, trusted);
}

const std::vector<std::string> none{};
const std::vector<std::string> proxies{"10.0.0.0/8", "fd00::/8"};

TEST(ClientAddress, IsThePeerWhenNoProxyIsTrusted) {
    EXPECT_EQ(address_of("192.0.2.1", {}, none), "192.0.2.1");
    EXPECT_EQ(address_of("192.0.2.1", {"198.51.100.7"}, none), "192.0.2.1");
}

TEST(ClientAddress, IsThePeerWhenThePeerIsNoTrustedProxy) {
    EXPECT_EQ(address_of("192.0.2.1", {"198.51.100.7"}, proxies), "192.0.2.1");
    EXPECT_EQ(address_of("unix", {"198.51.100.7"}, proxies), "unix");
}

TEST(ClientAddress, IsTheLastOneThatATrustedProxyDidNotHave) {
    EXPECT_EQ(address_of("10.0.0.1", {"198.51.100.7"}, proxies), "198.51.100.7");
    EXPECT_EQ(address_of("10.0.0.1", {"203.0.113.9, 198.51.100.7"}, proxies), "198.51.100.7");
    EXPECT_EQ(address_of("10.0.0.1", {"203.0.113.9,198.51.100.7 ,\t10.2.2.2"}, proxies), "198.51.100.7");
    EXPECT_EQ(address_of("fd00::1", {"2001:db8::5"}, proxies), "2001:db8::5");
}

TEST(ClientAddress, CannotBeChosenByTheClientBehindAProxyThatAddsAField) {
    EXPECT_EQ(address_of("10.0.0.1", {"127.0.0.1", "198.51.100.7"}, proxies), "198.51.100.7");
    EXPECT_EQ(address_of("10.0.0.1", {"127.0.0.1", "198.51.100.7, 10.0.0.9"}, proxies), "198.51.100.7");
    EXPECT_EQ(address_of("10.0.0.1", {"198.51.100.7", "10.0.0.9"}, proxies), "198.51.100.7");
}

TEST(ClientAddress, IsTheOutermostProxyWhenAllOfThemAreTrusted) {
    EXPECT_EQ(address_of("10.0.0.1", {"10.3.3.3, 10.2.2.2"}, proxies), "10.3.3.3");
    EXPECT_EQ(address_of("10.0.0.1", {}, proxies), "10.0.0.1");
    EXPECT_EQ(address_of("10.0.0.1", {""}, proxies), "10.0.0.1");
}

TEST(ClientAddress, StopsAtAnEmptyElement) {
    EXPECT_EQ(address_of("10.0.0.1", {"198.51.100.7,"}, proxies), "10.0.0.1");
    EXPECT_EQ(address_of("10.0.0.1", {"198.51.100.7, ,10.2.2.2"}, proxies), "10.2.2.2");
}

TEST(ClientAddress, IsNoAddressWhenTheProxySaysSomethingElse) {
    EXPECT_EQ(address_of("10.0.0.1", {"unknown"}, proxies), "unknown"); // which no block allows
}

} // namespace
} // namespace tollgate::http
