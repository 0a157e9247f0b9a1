#include "storage/redis/packing.hpp"

#include "tollgate/base/check.hpp"

#include <bit>

namespace tollgate::storage::redis {

namespace {

constexpr std::int64_t most = std::int64_t{1} << 53;

void put(std::string& out, std::uint64_t bits, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) out.push_back(static_cast<char>(bits >> (8 * i)));
}

} // namespace

Packer& Packer::byte(std::uint8_t number) {
    put(bytes_, number, 1);
    return *this;
}

Packer& Packer::small(std::size_t number) {
    TG_CHECK(number < 65'536);
    put(bytes_, number, 2);
    return *this;
}

Packer& Packer::number(std::int64_t number) {
    // style(floating-point): what Lua calculates with
    put(bytes_, std::bit_cast<std::uint64_t>(static_cast<double>(number)), 8);
    return *this;
}

std::uint64_t Unpacker::take(std::size_t bytes) {
    if (rest_.size() < bytes) {
        has_failed_ = true;
        rest_ = {};
        return 0;
    }
    std::uint64_t bits = 0;
    for (std::size_t i = bytes; i > 0; --i) bits = bits << 8U | static_cast<unsigned char>(rest_[i - 1]);
    rest_.remove_prefix(bytes);
    return bits;
}

std::uint8_t Unpacker::byte() {
    return static_cast<std::uint8_t>(take(1));
}

std::size_t Unpacker::small() {
    return take(2);
}

std::int64_t Unpacker::number() {
    // style(floating-point): what Lua calculates with
    const auto number = std::bit_cast<double>(take(8));
    if (number >= -most && number <= most) return static_cast<std::int64_t>(number);
    has_failed_ = true; // no number of ours
    return 0;
}

} // namespace tollgate::storage::redis
