#include "http/characters.hpp"
#include "http/head_fields.hpp"
#include "tollgate/http/head.hpp"

namespace tollgate::http {

using base::ErrorCode;

namespace {

auto malformed(const char* message) {
    return base::reject(ErrorCode::malformed_request, message);
}

/// Takes the bytes up to the first space off the front; empty if there is none.
std::string_view take_word(std::string_view& line) {
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) return {};
    const std::string_view word = line.substr(0, space);
    line.remove_prefix(space + 1);
    return word;
}

base::Result<int> read_version(std::string_view version) {
    if (version.size() != 8 || !version.starts_with("HTTP/") || !is_a(character::digit, version[5]) ||
        version[6] != '.' || !is_a(character::digit, version[7])) {
        return malformed("The request line is malformed.");
    }
    if (version == "HTTP/1.1") return 1;
    if (version == "HTTP/1.0") return 0;
    return base::reject(ErrorCode::version_not_supported, "The HTTP version must be 1.0 or 1.1.");
}

/// Only target bytes, and every '%' with two hexadecimal digits.
bool is_well_formed_target(std::string_view target) {
    for (std::size_t i = 0; i < target.size(); ++i) {
        if (!is_a(character::target, target[i])) return false;
        if (target[i] != '%') continue;
        if (target.size() - i < 3 || !is_all(character::hex, target.substr(i + 1, 2))) return false;
    }
    return true;
}

base::Result<void> read_target(RequestHead& head) {
    const bool is_server_wide = head.target == "*" && head.method == "OPTIONS";
    if (!is_server_wide && !head.target.starts_with('/')) {
        return malformed("The request target must be a path that begins with '/'.");
    }
    if (!is_well_formed_target(head.target)) {
        return malformed("The request target has bytes that must be percent-encoded.");
    }
    const std::size_t mark = head.target.find('?');
    head.path = head.target.substr(0, mark);
    if (mark != std::string_view::npos) head.query = head.target.substr(mark + 1);
    return {};
}

base::Result<void> read_request_line(std::string_view line, RequestHead& head) {
    head.method = take_word(line);
    head.target = take_word(line);
    if (!is_all(character::token, head.method) || head.target.empty()) {
        return malformed("The request line is malformed.");
    }
    const base::Result<int> version = read_version(line);
    if (!version) return base::fail(version.error());
    head.minor_version = *version;
    if (head.method == "CONNECT" || head.method == "TRACE") {
        return base::reject(ErrorCode::not_implemented, "CONNECT and TRACE are not implemented.");
    }
    return read_target(head);
}

bool is_port(std::string_view port) {
    std::uint64_t number = 0;
    return port.size() <= 5 && parse_length(port, number) && number <= 65'535;
}

/// A name, an IPv4 address or a bracketed IPv6 address, with a port or without.
bool is_host(std::string_view host) {
    std::size_t end = 0;
    if (host.starts_with('[')) {
        end = host.find(']');
        if (end == std::string_view::npos) return false;
        const std::string_view address = host.substr(1, end - 1);
        if (address.find_first_not_of("0123456789abcdefABCDEF:.") != std::string_view::npos) return false;
        if (address.find(':') == std::string_view::npos) return false;
        ++end;
    } else {
        end = std::min(host.find(':'), host.size());
        if (!is_all(character::host, host.substr(0, end))) return false;
    }
    return end == host.size() || (host[end] == ':' && is_port(host.substr(end + 1)));
}

base::Result<void> check_host(const DecidingFields& deciding, int minor_version) {
    if (deciding.host_count == 0 && minor_version == 0) return {};
    if (deciding.host_count != 1) return malformed("There must be exactly one Host field.");
    if (!is_host(deciding.host)) return malformed("The Host field is not a host name.");
    return {};
}

base::Result<void> decide_framing(const DecidingFields& deciding, RequestHead& head) {
    const base::Result<Framing> framing = read_framing(deciding, head.minor_version);
    if (!framing) return base::fail(framing.error());
    head.framing = *framing;
    const bool carries_body = head.method == "POST" || head.method == "PUT" || head.method == "PATCH";
    if (carries_body && head.framing.kind == Framing::Kind::none) {
        return base::reject(ErrorCode::length_required, "Send Content-Length or Transfer-Encoding: chunked.");
    }
    return {};
}

base::Result<void> decide_expectation(const DecidingFields& deciding, RequestHead& head) {
    // RFC 9110 §10.1.1: a 100-continue in HTTP/1.0 is ignored.
    if (deciding.expect_count == 0 || head.minor_version == 0) return {};
    if (deciding.expect_count > 1 || !equals_ignoring_case(deciding.expect, "100-continue")) {
        return base::reject(ErrorCode::expectation_failed, "The only expectation is 100-continue.");
    }
    head.expects_continue = head.framing.kind == Framing::Kind::chunked || head.framing.length > 0;
    return {};
}

} // namespace

base::Result<RequestHead> parse_request_head(std::string_view bytes, const HeadLimits& limits) {
    if (bytes.size() > limits.bytes) {
        return base::reject(ErrorCode::head_too_large, "The request line and header fields are too long.");
    }
    const std::size_t line_end = bytes.find("\r\n");
    if (line_end == std::string_view::npos) return malformed("The request line is malformed.");

    base::Result<RequestHead> head;
    const auto line = read_request_line(bytes.substr(0, line_end), *head);
    if (!line) return base::fail(line.error());
    const auto deciding = read_fields(bytes.substr(line_end + 2), limits.fields, head->fields);
    if (!deciding) return base::fail(deciding.error());
    if (deciding->has_odd_connection) return malformed("The Connection field is malformed.");
    if (deciding->content_type_count > 1 || deciding->idempotency_key_count > 1) {
        return malformed("Content-Type and Idempotency-Key may be there once.");
    }

    const auto host = check_host(*deciding, head->minor_version);
    if (!host) return base::fail(host.error());
    const auto framing = decide_framing(*deciding, *head);
    if (!framing) return base::fail(framing.error());
    const auto expectation = decide_expectation(*deciding, *head);
    if (!expectation) return base::fail(expectation.error());
    head->keep_alive = is_kept_alive(*deciding, head->minor_version);
    return head;
}

} // namespace tollgate::http
