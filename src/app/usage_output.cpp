#include "app/usage_output.hpp"

#include "app/table.hpp"
#include "tollgate/domain/purse.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace tollgate::app {

namespace {

using Fields = std::vector<std::pair<std::string, nlohmann::ordered_json>>;

Fields fields_of(const domain::UsageSums& sums, const std::string& currency) {
    return {{"requests", sums.requests},
            {"failed", sums.failed},
            {"input", sums.input},
            {"cached_input", sums.cached_input},
            {"cache_write", sums.cache_write},
            {"output", sums.output},
            {"audio_input", sums.audio_input},
            {"audio_output", sums.audio_output},
            {"images", sums.images},
            {"cost", base::to_string(sums.cost)},
            {"currency", currency}};
}

Fields fields_of(const domain::UsageEvent& event) {
    const domain::Usage& usage = event.usage;
    return {{"request_id", event.request_id.text()},
            {"client_request_id", event.client_request_id},
            {"started_at", base::to_rfc3339(event.started_at)},
            {"day", domain::to_string(event.day)},
            {"account_id", event.account_id.text()},
            {"key_id", event.key_id.text()},
            {"endpoint", event.endpoint},
            {"asked_model", event.model},
            {"provider", event.provider},
            {"model", event.upstream_model},
            {"stream", event.delivery == domain::Delivery::stream},
            {"status", event.status},
            {"outcome", event.outcome},
            {"usage_source", to_string(usage.source)},
            {"input", usage.input},
            {"cached_input", usage.cached_input},
            {"cache_write", usage.cache_write},
            {"output", usage.output},
            {"audio_input", usage.audio_input},
            {"audio_output", usage.audio_output},
            {"images", usage.images},
            {"reasoning", usage.reasoning},
            {"cost", base::to_string(event.cost)},
            {"currency", event.currency},
            {"usd_rate", event.usd_rate},
            {"price_version", event.price_version},
            {"first_byte_ms", event.first_byte ? nlohmann::ordered_json(event.first_byte->count())
                                               : nlohmann::ordered_json(nullptr)},
            {"duration_ms", event.duration.count()},
            {"client_gone", event.client_end == domain::ClientEnd::gone},
            {"attempts", event.attempts},
            {"node", event.node}};
}

std::string csv_value(const nlohmann::ordered_json& value) {
    if (value.is_null()) return "";
    return value.is_string() ? csv_text(value.get<std::string>()) : value.dump();
}

void print_csv_header(std::ostream& out, const Fields& fields) {
    std::string line;
    for (const auto& [name, value] : fields) line += (line.empty() ? "" : ",") + name;
    out << line << "\r\n";
}

void print_csv(std::ostream& out, const Fields& fields) {
    for (std::size_t index = 0; index < fields.size(); ++index) {
        out << (index == 0 ? "" : ",") << csv_value(fields[index].second);
    }
    out << "\r\n";
}

void print_json(std::ostream& out, const Fields& fields) {
    nlohmann::ordered_json object;
    for (const auto& [name, value] : fields) object[name] = value;
    // A name that is not UTF-8 must not end the export.
    out << object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << '\n';
}

std::string name_of(const std::string& id, const GroupNames& names) {
    const auto found = std::ranges::find(names, id, &GroupNames::value_type::first);
    return found == names.end() ? "" : found->second;
}

Fields fields_of(const ports::UsageGroup& group, const SummaryView& view) {
    Fields fields = {{std::string(view.group), group.name}};
    if (!view.names.empty()) fields.emplace_back("name", name_of(group.name, view.names));
    const Fields sums = fields_of(group.sums, view.currency);
    fields.insert(fields.end(), sums.begin(), sums.end());
    return fields;
}

void print_table(std::ostream& out, const std::vector<ports::UsageGroup>& groups, const SummaryView& view) {
    std::string title(view.group);
    std::ranges::transform(title, title.begin(), [](char c) { return static_cast<char>(c - 'a' + 'A'); });
    Table table({title, "NAME", "REQUESTS", "FAILED", "INPUT", "OUTPUT", "COST " + view.currency});
    for (const ports::UsageGroup& group : groups) {
        const domain::UsageSums& sums = group.sums;
        table.add({printable(group.name), printable(name_of(group.name, view.names)),
                   std::to_string(sums.requests), std::to_string(sums.failed),
                   std::to_string(sums.input + sums.cached_input + sums.cache_write + sums.audio_input),
                   std::to_string(sums.output + sums.audio_output), base::to_string(sums.cost)});
    }
    table.print(out);
}

} // namespace

base::Result<UsageFormat> parse_usage_format(std::string_view text) {
    if (text == "table") return UsageFormat::table;
    if (text == "csv") return UsageFormat::csv;
    if (text == "jsonl") return UsageFormat::json_lines;
    return base::reject(base::ErrorCode::invalid_field,
                        "'" + std::string(text) + "' is not a format: write csv or jsonl", "format");
}

std::string csv_text(std::string_view text) {
    std::string field(text);
    if (!field.empty() && std::string_view("=+-@\t\r").contains(field.front())) field.insert(0, 1, '\'');
    if (field.find_first_of(",\"\r\n") == std::string::npos) return field;
    std::string quoted = "\"";
    for (const char c : field) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + "\"";
}

void print_groups(std::ostream& out, const std::vector<ports::UsageGroup>& groups, const SummaryView& view,
                  UsageFormat format) {
    if (format == UsageFormat::table) {
        print_table(out, groups, view);
        return;
    }
    if (format == UsageFormat::csv) print_csv_header(out, fields_of(ports::UsageGroup(), view));
    for (const ports::UsageGroup& group : groups) {
        const Fields fields = fields_of(group, view);
        format == UsageFormat::csv ? print_csv(out, fields) : print_json(out, fields);
    }
}

void print_event_header(std::ostream& out, UsageFormat format) {
    if (format == UsageFormat::csv) print_csv_header(out, fields_of(domain::UsageEvent()));
}

void print_event(std::ostream& out, const domain::UsageEvent& event, UsageFormat format) {
    const Fields fields = fields_of(event);
    format == UsageFormat::csv ? print_csv(out, fields) : print_json(out, fields);
}

} // namespace tollgate::app
