// Values on their way to the server, as text: parameters of a statement, and whole columns of a batch as
// array literals ($1::text[]). Plain values; one thread.
#pragma once

#include "tollgate/base/digest.hpp"
#include "tollgate/base/ids.hpp"
#include "tollgate/base/money.hpp"
#include "tollgate/base/time.hpp"

#include <array>
#include <charconv>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::storage::postgres {

/// A column of a batch: {"a","b",NULL}. Text that PostgreSQL could not store (NUL, bytes that are not UTF-8)
/// has '?' in its place: a usage event is never refused for a character.
class ArrayText {
public:
    void add(std::string_view value);
    void add(const std::string& value) { add(std::string_view(value)); }
    void add(const char* value) { add(std::string_view(value)); }
    void add(base::Money value) { add(value.micros()); }
    void add(base::WallTime value) { add(value.time_since_epoch().count()); }
    void add_null();
    template <class Tag>
    void add(const base::Id<Tag>& value) {
        add(std::string_view(value.text()));
    }
    template <std::integral Number>
    void add(Number value) {
        std::array<char, 24> digits;
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
        add_plain({digits.data(), end});
    }
    template <class Value>
    void add(const std::optional<Value>& value) {
        if (value) {
            add(*value);
        } else {
            add_null();
        }
    }
    std::string literal() const { return "{" + text_ + "}"; }

private:
    void add_plain(std::string_view value);
    void separate();
    std::string text_;
};

/// Columns of equal length, filled row by row.
class Columns {
public:
    template <class... Values>
    void add_row(const Values&... values) {
        columns_.resize(sizeof...(values));
        std::size_t index = 0;
        (columns_[index++].add(values), ...);
        ++rows_;
    }
    bool empty() const { return rows_ == 0; }
    const std::vector<ArrayText>& columns() const { return columns_; }

private:
    std::vector<ArrayText> columns_;
    std::size_t rows_ = 0;
};

/// $1, $2, … of one statement. Digests are hexadecimal: decode($1, 'hex').
class Parameters {
public:
    template <class... Values>
    explicit Parameters(const Values&... values) {
        (add(values), ...);
    }

    /// nullptr for NULL; valid as long as this object.
    std::vector<const char*> pointers() const;

private:
    void add(std::string_view value); // throws std::invalid_argument for a NUL inside
    void add(const std::string& value) { add(std::string_view(value)); }
    void add(const char* value) { add(std::string_view(value)); }
    void add(const base::Digest& value);
    void add(base::Money value) { add(value.micros()); }
    void add(base::WallTime value) { add(value.time_since_epoch().count()); }
    void add(const ArrayText& value) { values_.emplace_back(value.literal()); }
    void add(const Columns& value) {
        for (const ArrayText& column : value.columns()) add(column);
    }
    template <std::integral Number>
    void add(Number value) {
        values_.emplace_back(std::to_string(value));
    }
    template <class Tag>
    void add(const base::Id<Tag>& value) {
        add(std::string_view(value.text()));
    }
    template <class Value>
    void add(const std::optional<Value>& value) {
        if (value) {
            add(*value);
        } else {
            values_.emplace_back();
        }
    }

    std::vector<std::optional<std::string>> values_;
};

} // namespace tollgate::storage::postgres
