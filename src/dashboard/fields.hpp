// Takes the fields of a body one by one, with their types and bounds, and refuses what nobody took. The first
// fault is kept; the caller asks for it once, at the end. Lives during one call.
#pragma once

#include "dashboard/json_value.hpp"
#include "tollgate/base/money.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::dashboard {

struct TextBounds {
    std::size_t least = 0; // characters
    std::size_t most = 0;
};

struct NumberBounds {
    std::uint64_t least = 0;
    std::uint64_t most = 0;
};

/// A field that may be null: absent, null, or a value.
template <class Value>
using Nullable = std::optional<std::optional<Value>>;

class Fields {
public:
    explicit Fields(const JsonValue& object) : object_(object), taken_(object.names.size()) {}
    Fields(const Fields&) = delete;
    Fields& operator=(const Fields&) = delete;

    // Absent: nothing. Of the wrong type or beyond its bounds: nothing, and a fault.
    std::optional<std::string> text(std::string_view name, TextBounds bounds);
    std::optional<std::uint64_t> number(std::string_view name, NumberBounds bounds);
    std::optional<bool> truth(std::string_view name);
    std::optional<std::vector<std::string>> texts(std::string_view name);
    std::optional<std::map<std::string, std::string>> text_map(std::string_view name);

    Nullable<std::uint64_t> nullable_number(std::string_view name, NumberBounds bounds);
    Nullable<std::string> nullable_text(std::string_view name, TextBounds bounds);

    /// A number or a decimal string, exactly; 1e3 is 1000.
    Nullable<base::Money> nullable_money(std::string_view name);
    std::optional<base::Money> money(std::string_view name);

    /// The same, and a fault when it is absent.
    std::string required_text(std::string_view name, TextBounds bounds);

    bool has(std::string_view name) const { return object_.find(name) != nullptr; }
    void complain(base::ErrorCode code, std::string_view name, std::string message);

    /// Takes over what a reader of one field found wrong.
    template <class Value>
    std::optional<Value> accept(std::string_view name, const base::Result<Value>& read) {
        if (read) return *read;
        complain(base::ErrorCode::invalid_field, name, read.error().message);
        return std::nullopt;
    }

    /// Errors: missing_field, invalid_field, with `param`.
    base::Result<void> finish();

private:
    const JsonValue* take(std::string_view name);
    const JsonValue* take(std::string_view name, JsonKind kind, std::string_view what);

    const JsonValue& object_;
    std::vector<bool> taken_;
    std::optional<base::Error> fault_;
};

/// An amount as it was written. Error: invalid_field.
base::Result<base::Money> parse_amount(std::string_view text);

} // namespace tollgate::dashboard
