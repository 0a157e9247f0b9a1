// The field names that decide something here, as numbers: a name is compared once, when its field is read,
// and from then on it is this. Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace tollgate::http {

/// Does a letter's case not matter (RFC 9110 §5.1)? What is not in the list is `other`.
enum class FieldName : std::uint8_t {
    other,
    accept,
    accept_language,
    anthropic_beta,
    anthropic_version,
    api_key,
    authorization,
    connection,
    content_encoding,
    content_length,
    content_type,
    expect,
    host,
    idempotency_key,
    openai_beta,
    openai_processing_ms,
    openai_version,
    retry_after,
    retry_after_ms,
    traceparent,
    tracestate,
    transfer_encoding,
    user_agent,
    x_api_key,
    x_forwarded_for,
    x_goog_api_key,
    x_request_id,
    x_should_retry,
};

/// Which of them this is, whatever the case of its letters.
FieldName field_name_of(std::string_view name);

/// A set of them, small enough for a register.
class FieldNames {
public:
    constexpr FieldNames() = default;
    template <class... Names>
    constexpr explicit FieldNames(Names... names) : bits_((bit(names) | ...)) {}

    constexpr void add(FieldName name) { bits_ |= bit(name); }
    constexpr bool has(FieldName name) const { return (bits_ & bit(name)) != 0; }

private:
    static constexpr std::uint32_t bit(FieldName name) {
        return std::uint32_t{1} << static_cast<std::uint32_t>(name);
    }

    std::uint32_t bits_ = 0;
};

} // namespace tollgate::http
