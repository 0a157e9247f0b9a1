#include "tollgate/base/url.hpp"

#include <algorithm>
#include <charconv>

namespace tollgate::base {

namespace {

std::unexpected<Error> not_url(std::string_view what) {
    return reject(ErrorCode::invalid_field, "not an http or https URL: " + std::string(what));
}

constexpr std::uint16_t usual_port(UrlScheme scheme) {
    return scheme == UrlScheme::https ? 443 : 80;
}

bool is_host_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

bool is_ipv6_character(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == ':' || c == '.';
}

/// Splits "host", "host:port", "[v6]:port" at the colon; false: brackets that do not fit.
bool split_authority(std::string_view authority, std::string_view& host, std::string_view& port) {
    if (authority.starts_with('[')) {
        const auto close = authority.find(']');
        if (close == std::string_view::npos) return false;
        host = authority.substr(0, close + 1);
    } else {
        host = authority.substr(0, authority.find(':'));
    }
    std::string_view rest = authority.substr(host.size());
    if (rest.empty()) return true;
    port = rest.substr(1);
    return rest.front() == ':' && !port.empty();
}

/// Lower-cases and checks; an IPv6 address loses its brackets.
bool read_host(std::string_view text, std::string& host) {
    const bool bracketed = text.starts_with('[');
    if (bracketed) text = text.substr(1, text.size() - 2);
    host.assign(text);
    std::ranges::transform(host, host.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    if (host.empty()) return false;
    if (!bracketed) return std::ranges::all_of(host, is_host_character);
    return host.contains(':') && std::ranges::all_of(host, is_ipv6_character);
}

bool read_port(std::string_view text, std::uint16_t& port) {
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, port);
    return error == std::errc{} && stop == end && port != 0;
}

} // namespace

std::string_view to_string(UrlScheme scheme) {
    return scheme == UrlScheme::https ? "https" : "http";
}

Result<Url> Url::parse(std::string_view text) {
    Url url;
    if (text.starts_with("https://")) {
        text.remove_prefix(8);
    } else if (text.starts_with("http://")) {
        url.scheme = UrlScheme::http;
        text.remove_prefix(7);
    } else {
        return not_url("it must begin with http:// or https://");
    }
    url.port = usual_port(url.scheme);
    if (text.find_first_of("?#") != text.npos) return not_url("a query or fragment is not allowed");
    if (std::ranges::any_of(text, [](char c) { return c <= ' ' || c >= 127; })) {
        return not_url("it holds a space, a control or a non-ASCII character");
    }
    const auto slash = std::min(text.find('/'), text.size());
    const std::string_view authority = text.substr(0, slash);
    if (authority.contains('@')) return not_url("a user or password is not allowed");
    std::string_view host;
    std::string_view port;
    if (!split_authority(authority, host, port) || !read_host(host, url.host)) return not_url("bad host");
    if (!port.empty() && !read_port(port, url.port)) return not_url("the port must be 1 to 65535");
    url.path = text.substr(slash);
    while (url.path.ends_with('/')) url.path.pop_back();
    return url;
}

std::string Url::authority() const {
    std::string text = host.contains(':') ? "[" + host + "]" : host;
    if (port != usual_port(scheme)) text += ":" + std::to_string(port);
    return text;
}

std::string to_string(const Url& url) {
    return std::string(to_string(url.scheme)) + "://" + url.authority() + url.path;
}

} // namespace tollgate::base
