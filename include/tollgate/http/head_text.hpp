// The text of a head while it is written: grows at its end, and has room in front for the line that is known
// last. Belongs to who writes the head; one thread.
#pragma once

#include "tollgate/base/money.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

namespace tollgate::http {

class HeadText {
public:
    /// What is known when we are compiled is copied without a call.
    template <std::size_t size>
    void append(const char (&text)[size]) {
        std::memcpy(room(size - 1), text, size - 1);
        end_ += size - 1;
    }
    void append(std::string_view text) {
        text.copy(room(text.size()), text.size());
        end_ += text.size();
    }
    void append(std::int64_t number);
    void append(base::Money money);

    void prepend(std::string_view text);

    /// Good until the next change.
    std::string_view view() const { return {bytes_.get() + begin_, end_ - begin_}; }
    char* data() { return bytes_.get() + begin_; }

private:
    char* room(std::size_t size) {
        if (end_ + size > capacity_) grow(size);
        return bytes_.get() + end_;
    }
    void grow(std::size_t size);

    std::unique_ptr<char[]> bytes_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::size_t capacity_ = 0;
};

} // namespace tollgate::http
