// CRC-32C (Castagnoli, RFC 3720 appendix B.4) over a record. Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace tollgate::storage::journal {

std::uint32_t checksum(std::string_view bytes);

/// The same on a processor without an instruction for it.
std::uint32_t checksum_by_tables(std::string_view bytes);

} // namespace tollgate::storage::journal
