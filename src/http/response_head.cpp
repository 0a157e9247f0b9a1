#include "http/characters.hpp"
#include "http/head_fields.hpp"
#include "tollgate/http/head.hpp"

#include <string>

namespace tollgate::http {

namespace {

auto invalid(std::string message) {
    return base::fail(base::ErrorCode::invalid_response, base::ErrorSource::upstream, std::move(message));
}

/// "HTTP/1.1 200 OK"; the space before an empty reason may be missing, as some servers send it.
bool read_status_line(std::string_view line, ResponseHead& head) {
    if (line.size() < 12 || !line.starts_with("HTTP/1.") || (line[7] != '0' && line[7] != '1')) return false;
    const std::string_view status = line.substr(9, 3);
    if (line[8] != ' ' || !is_all(character::digit, status) || status[0] < '1' || status[0] > '5')
        return false;
    head.minor_version = line[7] - '0';
    head.status = (status[0] - '0') * 100 + (status[1] - '0') * 10 + (status[2] - '0');
    if (line.size() == 12) return true;
    return line[12] == ' ' && (line.size() == 13 || is_all(character::value, line.substr(13)));
}

bool has_no_body(int status, std::string_view method) {
    return method == "HEAD" || status < 200 || status == 204 || status == 304;
}

/// RFC 9112 §6.3: what the message may not have is known before what its fields say.
void decide_framing(const Framing& announced, std::string_view method, ResponseHead& head) {
    if (has_no_body(head.status, method)) {
        // Bytes announced where none may come: whatever follows is not taken for the next response.
        const bool announces_bytes = announced.kind == Framing::Kind::chunked || announced.length > 0;
        if (announces_bytes && head.status == 204) head.keep_alive = false;
        return;
    }
    head.framing = announced;
    if (announced.kind == Framing::Kind::none) {
        head.framing.kind = Framing::Kind::until_close;
        head.keep_alive = false;
    }
}

} // namespace

base::Result<ResponseHead> parse_response_head(std::string_view bytes, std::string_view method,
                                               const HeadLimits& limits) {
    if (bytes.size() > limits.bytes) return invalid("The provider's response head is too long.");
    const std::size_t line_end = bytes.find("\r\n");
    base::Result<ResponseHead> head;
    if (line_end == std::string_view::npos || !read_status_line(bytes.substr(0, line_end), *head)) {
        return invalid("The provider's status line is malformed.");
    }
    if (head->status == 101) return invalid("The provider switched protocols.");

    const auto deciding = read_fields(bytes.substr(line_end + 2), limits.fields, head->fields);
    if (!deciding) return invalid("The provider's response: " + deciding.error().message);
    const auto framing = read_framing(*deciding, head->minor_version);
    if (!framing) return invalid("The provider's response: " + framing.error().message);
    head->keep_alive = is_kept_alive(*deciding, head->minor_version);
    decide_framing(*framing, method, *head);
    return head;
}

} // namespace tollgate::http
