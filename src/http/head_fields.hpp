// What the heads of requests and responses share: the field lines and the framing they announce. Pure; views
// point into the parsed bytes.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/http/head.hpp"

#include <string_view>

namespace tollgate::http {

/// The fields that decide about the connection, picked out while the lines are read.
struct DecidingFields {
    std::string_view content_length{};
    std::string_view transfer_encoding{};
    std::string_view host{};
    std::string_view expect{};
    std::size_t content_length_count = 0;
    std::size_t transfer_encoding_count = 0;
    std::size_t host_count = 0;
    std::size_t expect_count = 0;
    std::size_t content_type_count = 0;
    std::size_t idempotency_key_count = 0;
    bool says_close = false;
    bool says_keep_alive = false;
    bool has_odd_connection = false; // an element that is no token
};

/// Reads the field lines and the blank line that ends them; `lines` holds nothing else. Errors:
/// malformed_request, head_too_large (more fields than the limit).
base::Result<DecidingFields> read_fields(std::string_view lines, std::size_t limit, Fields& fields);

/// Framing by Content-Length and Transfer-Encoding (RFC 9112 §6.3); Kind::none if there is neither. Errors:
/// malformed_request, not_implemented (a coding other than chunked).
base::Result<Framing> read_framing(const DecidingFields& deciding, int minor_version);

/// 1 to 19 digits and nothing else.
bool parse_length(std::string_view text, std::uint64_t& length);

/// Does the connection outlive this message (RFC 9112 §9.3)?
bool is_kept_alive(const DecidingFields& deciding, int minor_version);

} // namespace tollgate::http
