#include "storage/journal/wire.hpp"

#include <array>

namespace tollgate::storage::journal {

void FieldWriter::number(std::uint64_t value) {
    std::array<char, 10> bytes; // 64 bits, 7 at a time
    std::size_t count = 0;
    while (value >= 0x80) {
        bytes[count++] = static_cast<char>(static_cast<std::uint8_t>(value | 0x80));
        value >>= 7;
    }
    bytes[count++] = static_cast<char>(static_cast<std::uint8_t>(value));
    out_.append(bytes.data(), count);
}

void FieldWriter::signed_number(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    number((bits << 1) ^ (value < 0 ? ~std::uint64_t{0} : 0));
}

void FieldWriter::text(std::string_view value) {
    value = value.substr(0, longest_text);
    number(value.size());
    out_.append(value);
}

void FieldReader::give_up() {
    good_ = false;
    rest_ = {};
}

std::uint64_t FieldReader::number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
        const auto byte = static_cast<std::uint8_t>(rest_.front());
        // The tenth byte holds the last bit alone.
        if (shift == 63 && byte > 1) break;
        rest_.remove_prefix(1);
        value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
        if ((byte & 0x80) == 0) return value;
    }
    give_up();
    return 0;
}

std::uint64_t FieldReader::number_up_to(std::uint64_t most) {
    const std::uint64_t value = number();
    if (value <= most) return value;
    give_up();
    return 0;
}

std::int64_t FieldReader::signed_number() {
    const std::uint64_t bits = number();
    return static_cast<std::int64_t>((bits >> 1) ^ ((bits & 1) != 0 ? ~std::uint64_t{0} : 0));
}

std::string FieldReader::text() {
    const std::uint64_t size = number_up_to(longest_text);
    if (size > rest_.size()) {
        give_up();
        return {};
    }
    std::string value(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return value;
}

} // namespace tollgate::storage::journal
