#include "tollgate/http/head_text.hpp"

#include "tollgate/base/digits.hpp"

#include <algorithm>
#include <utility>

namespace tollgate::http {

namespace {

constexpr std::size_t front_room = 128; // a status line and the type of the body
constexpr std::size_t usual_size = 1024;

} // namespace

void HeadText::append(std::int64_t number) {
    char* at = room(base::longest_number);
    // Unsigned, because the least number has no counterpart.
    auto magnitude = static_cast<std::uint64_t>(number);
    if (number < 0) {
        *at++ = '-';
        magnitude = 0 - magnitude;
    }
    end_ = static_cast<std::size_t>(base::write_number(at, magnitude) - bytes_.get());
}

void HeadText::append(base::Money money) {
    char* const at = room(base::longest_money);
    end_ = static_cast<std::size_t>(base::write_money(at, money) - bytes_.get());
}

void HeadText::prepend(std::string_view text) {
    if (text.size() > begin_ || bytes_ == nullptr) {
        HeadText moved;
        moved.begin_ = moved.end_ = text.size();
        moved.append(view());
        *this = std::move(moved);
    }
    begin_ -= text.size();
    text.copy(data(), text.size());
}

void HeadText::grow(std::size_t size) {
    if (bytes_ == nullptr && begin_ == 0) begin_ = end_ = front_room;
    const std::size_t capacity = std::max(usual_size, 2 * (end_ + size));
    auto bytes = std::make_unique_for_overwrite<char[]>(capacity);
    if (bytes_ != nullptr) std::memcpy(bytes.get() + begin_, data(), end_ - begin_);
    bytes_ = std::move(bytes);
    capacity_ = capacity;
}

} // namespace tollgate::http
