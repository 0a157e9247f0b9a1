#include "dashboard/json_value.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace tollgate::dashboard {

namespace {

constexpr std::size_t most_levels = 8;
constexpr std::size_t most_values = 10'000;

/// Builds the tree from nlohmann's events; answering false ends the parse.
class Builder final : public nlohmann::json_sax<nlohmann::json> {
public:
    bool null() override { return add({}); }
    // style(bool-parameter): the interface is nlohmann's
    bool boolean(bool value) override { return add({.kind = JsonKind::boolean, .truth = value}); }
    bool number_integer(number_integer_t value) override { return number(std::to_string(value)); }
    bool number_unsigned(number_unsigned_t value) override { return number(std::to_string(value)); }
    bool number_float(number_float_t /*value*/, const string_t& text) override { return number(text); }
    bool string(string_t& text) override { return add({.kind = JsonKind::text, .text = std::move(text)}); }
    bool binary(binary_t& /*bytes*/) override { return false; }
    bool start_object(std::size_t /*size*/) override { return open(JsonKind::object); }
    bool start_array(std::size_t /*size*/) override { return open(JsonKind::array); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool key(string_t& name) override {
        auto& names = open_.back().names;
        if (std::ranges::find(names, name) != names.end())
            return complain("the name '" + name + "' stands twice");
        names.push_back(std::move(name));
        return true;
    }

    bool parse_error(std::size_t position, const std::string& /*token*/,
                     const nlohmann::detail::exception& /*fault*/) override {
        return complain("it breaks off or goes wrong at byte " + std::to_string(position));
    }

    JsonValue take() { return std::move(root_); }
    const std::string& complaint() const { return complaint_; }

private:
    bool complain(std::string text) {
        complaint_ = std::move(text);
        return false;
    }

    bool number(std::string text) { return add({.kind = JsonKind::number, .text = std::move(text)}); }

    bool open(JsonKind kind) {
        if (open_.size() >= most_levels) return complain("it is nested too deeply");
        open_.push_back({.kind = kind});
        return true;
    }

    bool close() {
        JsonValue value = std::move(open_.back());
        open_.pop_back();
        return add(std::move(value));
    }

    bool add(JsonValue value) {
        if (++count_ > most_values) return complain("it holds too many values");
        if (open_.empty()) {
            root_ = std::move(value);
        } else {
            open_.back().items.push_back(std::move(value));
        }
        return true;
    }

    JsonValue root_{};
    std::vector<JsonValue> open_{};
    std::size_t count_ = 0;
    std::string complaint_{};
};

} // namespace

const JsonValue* JsonValue::find(std::string_view name) const {
    const auto place = std::ranges::find(names, name);
    return place == names.end() ? nullptr : &items[static_cast<std::size_t>(place - names.begin())];
}

base::Result<JsonValue> parse_body(std::string_view body) {
    if (body.empty()) return JsonValue{.kind = JsonKind::object};
    Builder builder;
    const bool is_sound = nlohmann::json::sax_parse(body, &builder);
    if (!is_sound) {
        return base::reject(base::ErrorCode::malformed_json, "the body is not JSON: " + builder.complaint());
    }
    JsonValue value = builder.take();
    if (value.kind != JsonKind::object) {
        return base::reject(base::ErrorCode::malformed_json, "the body must be a JSON object");
    }
    return value;
}

} // namespace tollgate::dashboard
