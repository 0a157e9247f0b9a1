#include "dashboard/fields.hpp"

#include "tollgate/base/decimal.hpp"

#include <charconv>
#include <utility>

namespace tollgate::dashboard {

namespace {

constexpr std::size_t most_texts = 1000;

std::size_t characters_of(std::string_view utf8) {
    std::size_t count = 0;
    for (const char c : utf8) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
    return count;
}

std::optional<std::uint64_t> whole_number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

/// C0, DEL and C1: nothing that people write on one line.
bool has_control_character(std::string_view utf8) {
    for (std::size_t at = 0; at < utf8.size(); ++at) {
        const auto byte = static_cast<unsigned char>(utf8[at]);
        if (byte < 0x20 || byte == 0x7f) return true;
        if (byte == 0xc2 && at + 1 < utf8.size() && static_cast<unsigned char>(utf8[at + 1]) < 0xa0)
            return true;
    }
    return false;
}

std::string bounds_of(NumberBounds bounds) {
    return "must be a whole number from " + std::to_string(bounds.least) + " to " +
           std::to_string(bounds.most);
}

} // namespace

base::Result<base::Money> parse_amount(std::string_view text) {
    if (auto money = base::Money::parse(text)) return money;
    const auto decimal = base::Decimal::parse(text); // knows exponents
    if (decimal && decimal->scale <= 6) {
        if (auto money = base::Money::parse(base::to_string(*decimal))) return money;
    }
    return base::reject(base::ErrorCode::invalid_field, "must be an amount with at most six decimals");
}

void Fields::complain(base::ErrorCode code, std::string_view name, std::string message) {
    if (fault_) return;
    fault_ = base::Error{.code = code,
                         .source = base::ErrorSource::client,
                         .message = std::string(name) + ": " + std::move(message),
                         .param = std::string(name)};
}

const JsonValue* Fields::take(std::string_view name) {
    const JsonValue* value = object_.find(name);
    if (value != nullptr) taken_[static_cast<std::size_t>(value - object_.items.data())] = true;
    return value;
}

const JsonValue* Fields::take(std::string_view name, JsonKind kind, std::string_view what) {
    const JsonValue* value = take(name);
    if (value == nullptr) return nullptr;
    if (value->kind == kind) return value;
    complain(base::ErrorCode::invalid_field, name, "must be " + std::string(what));
    return nullptr;
}

std::optional<std::string> Fields::text(std::string_view name, TextBounds bounds) {
    const JsonValue* value = take(name, JsonKind::text, "a string");
    if (value == nullptr) return std::nullopt;
    if (has_control_character(value->text)) {
        complain(base::ErrorCode::invalid_field, name, "must not hold control characters");
        return std::nullopt;
    }
    const std::size_t count = characters_of(value->text);
    if (count >= bounds.least && count <= bounds.most) return value->text;
    complain(base::ErrorCode::invalid_field, name,
             "must have " + std::to_string(bounds.least) + " to " + std::to_string(bounds.most) +
                 " characters");
    return std::nullopt;
}

std::string Fields::required_text(std::string_view name, TextBounds bounds) {
    if (!has(name)) complain(base::ErrorCode::missing_field, name, "is missing");
    return text(name, bounds).value_or("");
}

std::optional<std::uint64_t> Fields::number(std::string_view name, NumberBounds bounds) {
    const JsonValue* value = take(name, JsonKind::number, "a whole number");
    if (value == nullptr) return std::nullopt;
    const auto number = whole_number(value->text);
    if (number && *number >= bounds.least && *number <= bounds.most) return number;
    complain(base::ErrorCode::invalid_field, name, bounds_of(bounds));
    return std::nullopt;
}

Nullable<std::uint64_t> Fields::nullable_number(std::string_view name, NumberBounds bounds) {
    const JsonValue* value = object_.find(name);
    if (value != nullptr && value->kind == JsonKind::null) {
        take(name);
        return Nullable<std::uint64_t>(std::in_place, std::nullopt);
    }
    const auto found = number(name, bounds);
    return found ? Nullable<std::uint64_t>(found) : std::nullopt;
}

Nullable<std::string> Fields::nullable_text(std::string_view name, TextBounds bounds) {
    const JsonValue* value = object_.find(name);
    if (value != nullptr && value->kind == JsonKind::null) {
        take(name);
        return Nullable<std::string>(std::in_place, std::nullopt);
    }
    auto found = text(name, bounds);
    return found ? Nullable<std::string>(std::move(found)) : std::nullopt;
}

std::optional<bool> Fields::truth(std::string_view name) {
    const JsonValue* value = take(name, JsonKind::boolean, "true or false");
    if (value == nullptr) return std::nullopt;
    return value->truth;
}

Nullable<base::Money> Fields::nullable_money(std::string_view name) {
    const JsonValue* value = take(name);
    if (value == nullptr) return std::nullopt;
    if (value->kind == JsonKind::null) return Nullable<base::Money>(std::in_place, std::nullopt);
    if (value->kind != JsonKind::number && value->kind != JsonKind::text) {
        complain(base::ErrorCode::invalid_field, name, "must be a number or a decimal string");
        return std::nullopt;
    }
    const auto amount = accept(name, parse_amount(value->text));
    return amount ? Nullable<base::Money>(amount) : std::nullopt;
}

std::optional<base::Money> Fields::money(std::string_view name) {
    const auto found = nullable_money(name);
    if (!found) return std::nullopt;
    if (!*found) complain(base::ErrorCode::invalid_field, name, "must not be null");
    return *found;
}

std::optional<std::vector<std::string>> Fields::texts(std::string_view name) {
    const JsonValue* value = take(name, JsonKind::array, "a list of strings");
    if (value == nullptr) return std::nullopt;
    std::vector<std::string> texts;
    for (const JsonValue& item : value->items) {
        if (item.kind != JsonKind::text || texts.size() == most_texts) {
            complain(base::ErrorCode::invalid_field, name,
                     "must be a list of at most " + std::to_string(most_texts) + " strings");
            return std::nullopt;
        }
        texts.push_back(item.text);
    }
    return texts;
}

std::optional<std::map<std::string, std::string>> Fields::text_map(std::string_view name) {
    const JsonValue* value = take(name, JsonKind::object, "an object of strings");
    if (value == nullptr) return std::nullopt;
    std::map<std::string, std::string> texts;
    for (std::size_t index = 0; index < value->items.size(); ++index) {
        if (value->items[index].kind != JsonKind::text) {
            complain(base::ErrorCode::invalid_field, name, "must be an object whose values are strings");
            return std::nullopt;
        }
        texts[value->names[index]] = value->items[index].text;
    }
    return texts;
}

base::Result<void> Fields::finish() {
    for (std::size_t index = 0; index < taken_.size() && !fault_; ++index) {
        const std::string& name = object_.names[index];
        if (!taken_[index])
            complain(base::ErrorCode::invalid_field, name.empty() ? "\"\"" : name,
                     "is not a field of this call");
    }
    if (fault_) return base::fail(*fault_);
    return {};
}

} // namespace tollgate::dashboard
