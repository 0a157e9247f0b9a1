#include "storage/postgres/parameters.hpp"

#include "tollgate/base/json_text.hpp"

#include <algorithm>
#include <stdexcept>

namespace tollgate::storage::postgres {

namespace {

/// How much of the text needs no second look: ASCII without what has a meaning in an array.
std::size_t plain_length(std::string_view text) {
    const auto special = std::ranges::find_if(text, [](char each) {
        const auto byte = static_cast<std::uint8_t>(each);
        return byte == 0 || byte >= 0x80 || each == '"' || each == '\\';
    });
    return static_cast<std::size_t>(special - text.begin());
}

} // namespace

void ArrayText::separate() {
    if (!text_.empty()) text_ += ',';
}

void ArrayText::add_plain(std::string_view value) {
    separate();
    text_ += value;
}

void ArrayText::add_null() {
    add_plain("NULL");
}

void ArrayText::add(std::string_view value) {
    separate();
    text_ += '"';
    // As a rule all of it.
    const std::size_t plain = plain_length(value);
    text_ += value.substr(0, plain);
    value.remove_prefix(plain);
    while (!value.empty()) {
        const std::size_t length = base::utf8_sequence_length(value);
        if (length == 0 || value.front() == '\0') {
            text_ += '?';
            value.remove_prefix(1);
            continue;
        }
        if (value.front() == '"' || value.front() == '\\') text_ += '\\';
        text_ += value.substr(0, length);
        value.remove_prefix(length);
    }
    text_ += '"';
}

void Parameters::add(std::string_view value) {
    // libpq takes text that ends at the first NUL: what follows would be lost without a word.
    if (value.contains('\0')) throw std::invalid_argument("a text with a NUL character cannot be stored");
    values_.emplace_back(value);
}

void Parameters::add(const base::Digest& value) {
    values_.emplace_back(base::to_hex(value.bytes));
}

std::vector<const char*> Parameters::pointers() const {
    std::vector<const char*> pointers;
    pointers.reserve(values_.size());
    for (const auto& value : values_) pointers.push_back(value ? value->c_str() : nullptr);
    return pointers;
}

} // namespace tollgate::storage::postgres
