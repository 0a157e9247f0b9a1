// The heads of HTTP/1.1 messages, read by one strict parser: what two parsers could read differently is
// refused, never repaired (RFC 9112; docs/decisions/0008). Views point into the bytes that were parsed; their
// owner is the caller.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/http/field_name.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace tollgate::http {

/// Are so many letters the same but for their case?
bool same_ignoring_case(const char* left, const char* right, std::size_t size);

/// ASCII comparison without case, as field names are compared: most differ in length, which is seen without a
/// call.
inline bool equals_ignoring_case(std::string_view left, std::string_view right) {
    return left.size() == right.size() && same_ignoring_case(left.data(), right.data(), left.size());
}

struct Field {
    std::string_view name{};            // as sent
    std::string_view value{};           // without white space around it
    FieldName known = FieldName::other; // what `name` is: Fields::add() finds out
};

class Fields {
public:
    void add(Field field);
    /// The same for a field whose name is told in `known` already.
    void add_known(const Field& field) {
        names_.add(field.known);
        fields_.push_back(field);
    }
    void reserve(std::size_t count) { fields_.reserve(count); }
    /// The first value of this name (compared without case); empty view with null data if absent.
    std::string_view find(std::string_view name) const;
    std::string_view find(FieldName name) const { return has(name) ? find_known(name) : std::string_view(); }
    bool has(std::string_view name) const { return count(name) > 0; }
    bool has(FieldName name) const { return names_.has(name); }
    std::size_t count(std::string_view name) const;
    auto begin() const { return fields_.begin(); }
    auto end() const { return fields_.end(); }
    std::size_t size() const { return fields_.size(); }

private:
    std::string_view find_known(FieldName name) const;

    std::vector<Field> fields_;
    FieldNames names_{}; // that are there
};

/// How the end of a body is known (RFC 9112 §6.3).
struct Framing {
    enum class Kind { none, length, chunked, until_close };
    Kind kind = Kind::none;
    std::uint64_t length = 0; // for Kind::length
};

struct HeadLimits {
    std::size_t bytes = 16 * 1024;
    std::size_t fields = 100;
};

struct RequestHead {
    std::string_view method{};
    std::string_view target{}; // as sent, origin form: begins with '/' (or "*" for OPTIONS)
    std::string_view path{};   // of the target, without the query
    std::string_view query{};  // without '?'
    int minor_version = 1;     // of HTTP/1
    Fields fields{};
    Framing framing{};
    bool keep_alive = true;
    bool expects_continue = false;
};

struct ResponseHead {
    int status = 0;
    int minor_version = 1;
    Fields fields{};
    Framing framing{};
    bool keep_alive = true;
};

/// Size of the head at the front of `bytes`, its blank line included; 0 while it is not whole. `scanned` is
/// where an earlier call stopped looking and is moved on, so that a dripped head costs no second scan. A
/// blank line with bare line feeds ends it too, so that the parser can refuse it at once instead of after a
/// time-out.
std::size_t find_head_end(std::string_view bytes, std::size_t& scanned);

/// `bytes` is exactly one head with its blank line. Errors: malformed_request, head_too_large,
/// length_required, not_implemented (transfer coding, CONNECT, TRACE), version_not_supported,
/// expectation_failed; all close the connection. `expects_continue` is set only where a body follows.
base::Result<RequestHead> parse_request_head(std::string_view bytes, const HeadLimits& limits);

/// The same for an answer to a request with `method`; 1xx answers are returned as they are (Framing none).
/// Error: invalid_response, source upstream. A 101 is one, since nothing is tunnelled.
base::Result<ResponseHead> parse_response_head(std::string_view bytes, std::string_view method,
                                               const HeadLimits& limits);

} // namespace tollgate::http
