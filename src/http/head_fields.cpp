#include "http/head_fields.hpp"

#include "http/characters.hpp"
#include "tollgate/http/byte_search.hpp"

#include <cstring>

namespace tollgate::http {

using base::ErrorCode;

namespace {

constexpr char lower(char byte) {
    return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + ('a' - 'A')) : byte;
}

void note_connection(std::string_view value, DecidingFields& deciding) {
    for_each_element(value, [&deciding](std::string_view element) {
        deciding.says_close |= equals_ignoring_case(element, "close");
        deciding.says_keep_alive |= equals_ignoring_case(element, "keep-alive");
        deciding.has_odd_connection |= !is_all(character::token, element);
    });
}

void note(const Field& field, DecidingFields& deciding) {
    switch (field.known) {
    case FieldName::host:
        deciding.host = field.value;
        ++deciding.host_count;
        return;
    case FieldName::expect:
        deciding.expect = field.value;
        ++deciding.expect_count;
        return;
    case FieldName::connection: note_connection(field.value, deciding); return;
    case FieldName::content_type: ++deciding.content_type_count; return;
    case FieldName::content_length:
        deciding.content_length = field.value;
        ++deciding.content_length_count;
        return;
    case FieldName::idempotency_key: ++deciding.idempotency_key_count; return;
    case FieldName::transfer_encoding:
        deciding.transfer_encoding = field.value;
        ++deciding.transfer_encoding_count;
        return;
    default: return;
    }
}

/// Takes one line off the front of `lines`; nothing if it is not a field line with CRLF. `first` is the first
/// byte of all of them.
bool take_field(const char* first, std::string_view& lines, Field& field) {
    const char* const begin = lines.data();
    const char* const end = begin + lines.size();
    const char* const colon = find_byte<ByteIs<':'>>(begin, end, first);
    if (colon == end) return false;
    field.name = std::string_view(begin, colon);
    field.known = field_name_of(field.name);
    // A name that is known is well formed.
    if (field.known == FieldName::other && !is_all(character::token, field.name)) return false;

    const char* const value = colon + 1;
    const char* const line_end = find_byte<EndsFieldValue>(value, end, first);
    if (end - line_end < 2 || line_end[0] != '\r' || line_end[1] != '\n') return false;
    field.value = trim_blanks(std::string_view(value, line_end));
    lines.remove_prefix(static_cast<std::size_t>(line_end + 2 - begin));
    return true;
}

} // namespace

void Fields::add(Field field) {
    field.known = field_name_of(field.name);
    add_known(field);
}

std::string_view Fields::find(std::string_view name) const {
    for (const Field& field : fields_) {
        if (equals_ignoring_case(field.name, name)) return field.value;
    }
    return {};
}

std::string_view Fields::find_known(FieldName name) const {
    return std::ranges::find(fields_, name, &Field::known)->value;
}

std::size_t Fields::count(std::string_view name) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        fields_, [name](const Field& field) { return equals_ignoring_case(field.name, name); }));
}

bool same_ignoring_case(const char* left, const char* right, std::size_t size) {
    if (std::memcmp(left, right, size) == 0) return true; // as it is with most
    for (std::size_t i = 0; i < size; ++i) {
        if (left[i] != right[i] && lower(left[i]) != lower(right[i])) return false;
    }
    return true;
}

std::size_t find_head_end(std::string_view bytes, std::size_t& scanned) {
    const char* const begin = bytes.data();
    const char* const end = begin + bytes.size();
    for (const char* at = begin + scanned; (at = find_byte<ByteIs<'\n'>>(at, end, begin)) != end; ++at) {
        const char* const line_end = at != begin && at[-1] == '\r' ? at - 1 : at;
        if (line_end != begin && line_end[-1] != '\n') continue;
        scanned = static_cast<std::size_t>(at + 1 - begin);
        return scanned;
    }
    scanned = bytes.size();
    return 0;
}

base::Result<DecidingFields> read_fields(std::string_view lines, std::size_t limit, Fields& fields) {
    fields.reserve(16);
    DecidingFields deciding;
    const char* const first = lines.data();
    while (lines.size() > 2) {
        Field field;
        if (!take_field(first, lines, field)) {
            return base::reject(ErrorCode::malformed_request, "A header field line is malformed.");
        }
        if (fields.size() == limit) {
            return base::reject(ErrorCode::head_too_large, "There are too many header fields.");
        }
        fields.add_known(field);
        note(field, deciding);
    }
    if (lines != "\r\n") {
        return base::reject(ErrorCode::malformed_request, "The header does not end in an empty line.");
    }
    return deciding;
}

bool parse_length(std::string_view text, std::uint64_t& length) {
    if (text.size() > 19 || !is_all(character::digit, text)) return false;
    length = 0;
    for (const char digit : text) length = length * 10 + static_cast<std::uint64_t>(digit - '0');
    return true;
}

base::Result<Framing> read_framing(const DecidingFields& deciding, int minor_version) {
    const std::size_t count = deciding.content_length_count + deciding.transfer_encoding_count;
    if (count == 0) return Framing{};
    if (count > 1) {
        return base::reject(ErrorCode::malformed_request,
                            "Content-Length and Transfer-Encoding may be there once, and only one of them.");
    }
    Framing framing;
    if (deciding.content_length_count == 1) {
        framing.kind = Framing::Kind::length;
        if (parse_length(deciding.content_length, framing.length)) return framing;
        return base::reject(ErrorCode::malformed_request, "Content-Length is not a number.");
    }
    if (minor_version == 0) {
        return base::reject(ErrorCode::malformed_request, "HTTP/1.0 has no Transfer-Encoding.");
    }
    if (!equals_ignoring_case(deciding.transfer_encoding, "chunked")) {
        return base::reject(ErrorCode::not_implemented, "The only transfer coding is chunked.");
    }
    framing.kind = Framing::Kind::chunked;
    return framing;
}

bool is_kept_alive(const DecidingFields& deciding, int minor_version) {
    if (deciding.says_close || deciding.has_odd_connection) return false;
    return minor_version == 1 || deciding.says_keep_alive;
}

} // namespace tollgate::http
