#include "config/price_fields.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace tollgate::config {

namespace {

/// Collects two levels of the tree: the members of the root and, for objects, their members.
class Collector final : public nlohmann::json_sax<nlohmann::json> {
public:
    explicit Collector(std::vector<NamedFields>& entries) : entries_(entries) {}

    const std::string& fault() const { return fault_; }

    bool null() override { return scalar(FieldKind::null, {}); }
    // style(bool-parameter): the parser's interface
    bool boolean(bool value) override { return scalar(FieldKind::other, value ? "true" : "false"); }
    bool number_integer(number_integer_t value) override {
        return scalar(FieldKind::number, std::to_string(value));
    }
    bool number_unsigned(number_unsigned_t value) override {
        return scalar(FieldKind::number, std::to_string(value));
    }
    bool number_float(number_float_t, const string_t& text) override {
        return scalar(FieldKind::number, text);
    }
    bool string(string_t& text) override { return scalar(FieldKind::text, std::move(text)); }
    bool binary(binary_t&) override { return false; }

    bool start_object(std::size_t) override {
        if (depth_ == 1) entries_.back().is_object = true;
        if (depth_ == 2) put(FieldKind::other, {});
        ++depth_;
        return true;
    }
    bool end_object() override { return leave(); }
    bool start_array(std::size_t) override {
        if (depth_ == 0) return refuse("is not a JSON object");
        if (depth_ == 2) put(FieldKind::other, {});
        ++depth_;
        return true;
    }
    bool end_array() override { return leave(); }

    bool key(string_t& text) override {
        if (depth_ == 1)
            entries_.push_back({.key = std::move(text)});
        else if (depth_ == 2)
            name_ = std::move(text);
        return true;
    }

    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
        return refuse("is not JSON: fault at byte " + std::to_string(position));
    }

private:
    bool refuse(std::string fault) {
        fault_ = std::move(fault);
        return false;
    }

    bool leave() {
        --depth_;
        return true;
    }

    bool scalar(FieldKind kind, std::string text) {
        if (depth_ == 0) return refuse("is not a JSON object");
        if (depth_ == 2) put(kind, std::move(text));
        return true;
    }

    /// Members of an array in the place of an entry have no name and are dropped with it.
    void put(FieldKind kind, std::string text) {
        if (entries_.back().is_object) {
            entries_.back().fields[name_] = {.kind = kind, .text = std::move(text)};
        }
    }

    std::vector<NamedFields>& entries_;
    int depth_ = 0;
    std::string name_{};
    std::string fault_{};
};

} // namespace

base::Result<std::vector<NamedFields>> parse_fields(std::string_view json) {
    std::vector<NamedFields> entries;
    Collector collector(entries);
    if (!nlohmann::json::sax_parse(json, &collector)) {
        return base::fail(base::ErrorCode::invalid_configuration, base::ErrorSource::internal,
                          collector.fault());
    }
    return entries;
}

} // namespace tollgate::config
