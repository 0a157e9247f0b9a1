#include "storage/journal/wire.hpp"

namespace tollgate::storage::journal {

void FieldReader::give_up() {
    good_ = false;
    rest_ = {};
}

std::uint64_t FieldReader::long_number() {
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

std::string_view FieldReader::text() {
    const std::uint64_t size = number_up_to(longest_text);
    if (size > rest_.size()) {
        give_up();
        return {};
    }
    const std::string_view value = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return value;
}

} // namespace tollgate::storage::journal
