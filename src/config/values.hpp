// How the text of one setting becomes its value: one overload of read_value for each type that a setting has.
// Pure. A message completes "'10MB' …" and never quotes the text, which may be a secret.
#pragma once

#include "tollgate/config/config.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tollgate::config {

/// What is wrong with the text; nothing: the value was set.
using Complaint = std::optional<std::string>;

Complaint read_value(std::string_view text, std::string& value); // not empty
Complaint read_value(std::string_view text, bool& value);
Complaint read_value(std::string_view text, std::uint32_t& value);
Complaint read_value(std::string_view text, std::uint64_t& value); // a size in bytes
Complaint read_value(std::string_view text, Duration& value);
Complaint read_value(std::string_view text, base::Money& value);
Complaint read_value(std::string_view text, base::Decimal& value);
Complaint read_value(std::string_view text, base::Url& value);
Complaint read_value(std::string_view text, base::Secret& value);
Complaint read_value(std::string_view text, ListenAddress& value);
Complaint read_value(std::string_view text, std::variant<SqliteDatabase, PostgresDatabase>& value);
Complaint read_value(std::string_view text, Protocol& value);
Complaint read_value(std::string_view text, Registration& value);
Complaint read_value(std::string_view text, LogFormat& value);
Complaint read_value(std::string_view text, LogLevel& value);
Complaint read_value(std::string_view text, AccessLog& value);

bool is_postgresql_url(std::string_view text);

/// Redis URLs: redis:// rediss:// redis+sentinel:// redis+cluster:// unix:/path.
Complaint check_redis_url(std::string_view text);

/// An IPv4 or IPv6 address, alone or with /bits.
Complaint check_address_block(std::string_view text);

/// How a value is written in a message: "10MiB", "30s", "0.05".
std::string text_of(std::uint32_t value);
std::string text_of(std::uint64_t bytes);
std::string text_of(Duration value);

/// The name of `names` that `text` was probably meant to be; empty: none is near.
std::string_view nearest_name(std::string_view text, const std::vector<std::string_view>& names);

} // namespace tollgate::config
