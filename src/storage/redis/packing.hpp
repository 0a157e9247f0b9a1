// Numbers as turn.lua packs and unpacks them, without gaps, the least byte first. What a script calculates
// with are doubles, which hold whole numbers up to 2^53 exactly: nothing here is a fraction. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tollgate::storage::redis {

class Packer {
public:
    Packer& byte(std::uint8_t number);   // 'B'
    Packer& small(std::size_t number);   // 'H': below 65,536
    Packer& number(std::int64_t number); // 'd'
    const std::string& bytes() const { return bytes_; }

private:
    std::string bytes_;
};

/// Zeros behind the end, which has_failed() then tells.
class Unpacker {
public:
    explicit Unpacker(std::string_view bytes) : rest_(bytes) {}
    std::uint8_t byte();
    std::size_t small();
    std::int64_t number();
    bool has_failed() const { return has_failed_; }
    bool is_at_end() const { return rest_.empty(); }

private:
    std::uint64_t take(std::size_t bytes);

    std::string_view rest_;
    bool has_failed_ = false;
};

} // namespace tollgate::storage::redis
