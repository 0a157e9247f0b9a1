// What libFuzzer hands to a target, taken apart: decisions from the front, the bytes under test behind them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tollgate::fuzz {

class Input {
public:
    Input(const std::uint8_t* data, std::size_t size) : rest_(reinterpret_cast<const char*>(data), size) {}

    std::uint8_t take_byte() {
        if (rest_.empty()) return 0;
        const auto byte = static_cast<std::uint8_t>(rest_.front());
        rest_.remove_prefix(1);
        return byte;
    }
    std::string_view rest() const { return rest_; }

private:
    std::string_view rest_;
};

/// Cuts bytes into pieces whose sizes follow from the seed.
class Pieces {
public:
    Pieces(std::string_view bytes, std::uint32_t seed) : rest_(bytes), state_(seed * 2654435761u + 1) {}

    bool is_empty() const { return rest_.empty(); }
    std::string_view take() {
        state_ = state_ * 1664525u + 1013904223u;
        const std::size_t most = (state_ >> 28u) == 0 ? 64 : 5;
        const std::string_view piece = rest_.substr(0, 1 + (state_ >> 16u) % most);
        rest_.remove_prefix(piece.size());
        return piece;
    }

private:
    std::string_view rest_;
    std::uint32_t state_;
};

} // namespace tollgate::fuzz
