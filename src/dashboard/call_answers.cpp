// Single calls: listed in pages, and exported as a stream.
#include "dashboard/answers.hpp"
#include "dashboard/usage_json.hpp"

#include <charconv>

namespace tollgate::dashboard {

namespace {

constexpr std::int64_t most_days = 4000;
constexpr std::size_t export_page = 500;

/// ok, failed, or one status.
ports::StatusRange read_status(Query& query) {
    const auto written = query.text("status");
    if (!written) return {};
    if (*written == "ok") return {.low = 0, .high = 399};
    if (*written == "failed") return {.low = 400, .high = 999};
    std::uint16_t status = 0;
    const auto [end, fault] = std::from_chars(written->data(), written->data() + written->size(), status);
    if (fault != std::errc{} || end != written->data() + written->size() || status < 100 || status > 999)
        query.complain("status", "must be ok, failed or an HTTP status");
    return {.low = status, .high = status};
}

std::string write_cursor(const ports::EventCursor& cursor) {
    return std::to_string(cursor.started_at.time_since_epoch().count()) + "~" + cursor.request_id.text();
}

std::optional<ports::EventCursor> read_cursor(Query& query) {
    const auto written = query.text("after");
    if (!written) return std::nullopt;
    const auto sign = written->find('~');
    std::int64_t micros = 0;
    const auto [end, fault] =
        std::from_chars(written->data(), written->data() + std::min(sign, written->size()), micros);
    if (sign == std::string::npos || fault != std::errc{} || end != written->data() + sign) {
        query.complain("after", "must be the `next` of the page before");
        return std::nullopt;
    }
    return ports::EventCursor{.started_at = base::WallTime(std::chrono::microseconds(micros)),
                              .request_id = base::RequestId(written->substr(sign + 1))};
}

base::Result<ports::CallQuery> read_query(Call& call) {
    const auto scope = read_scope(call, most_days);
    if (!scope) return base::fail(scope.error());
    return ports::CallQuery{.filter = scope->filter,
                            .times = times_of(*scope, call.parts.settings.zone),
                            .status = read_status(call.query)};
}

/// A field of CSV (RFC 4180). What a spreadsheet would take for a formula gets a quote in front.
std::string csv_text(const Json& value) {
    if (value.is_null()) return "";
    if (!value.is_string()) return value.dump();
    std::string field = value.get<std::string>();
    if (!field.empty() && std::string_view("=+-@\t\r").contains(field.front())) field.insert(0, 1, '\'');
    if (field.find_first_of(",\"\r\n") == std::string::npos) return field;
    std::string quoted = "\"";
    for (const char c : field) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + "\"";
}

std::string csv_line(const Json& event) {
    std::string line;
    for (const auto& value : event) line += (line.empty() ? "" : ",") + csv_text(value);
    return line + "\r\n";
}

std::string csv_header() {
    std::string line;
    const Json event = to_json(domain::UsageEvent{});
    for (const auto& [name, value] : event.items()) line += (line.empty() ? "" : ",") + name;
    return line + "\r\n";
}

enum class Format { csv, json_lines };

/// A page of the log at a time, as text.
class Export final : public BodySource {
public:
    Export(ports::UsageReports& reports, ports::CallQuery query, Format format)
        : reports_(reports), query_(std::move(query)), format_(format) {
        if (format_ == Format::csv) pending_ = csv_header();
    }

    base::Result<std::string> next() override {
        std::string piece = std::exchange(pending_, {});
        while (!done_ && piece.size() < 64UL * 1024) {
            const auto page = reports_.calls(query_);
            if (!page) return base::fail(page.error());
            for (const domain::UsageEvent& event : page->events) {
                const Json shown = to_json(event);
                piece += format_ == Format::csv ? csv_line(shown) : dump(shown) + "\n";
            }
            query_.after = page->next;
            done_ = !page->next.has_value();
        }
        return piece;
    }

private:
    ports::UsageReports& reports_;
    ports::CallQuery query_;
    Format format_;
    std::string pending_;
    bool done_ = false;
};

} // namespace

base::Result<Reply> list_calls(Call& call) {
    auto query = read_query(call);
    if (!query) return base::fail(query.error());
    query->after = read_cursor(call.query);
    query->limit = call.query.number("limit", 1, 200).value_or(50);
    if (auto done = call.query.finish(); !done) return base::fail(done.error());
    const auto page = call.parts.storage.usage_reports().calls(*query);
    if (!page) return base::fail(page.error());
    Json data = Json::array();
    for (const domain::UsageEvent& event : page->events) data.push_back(to_json(event));
    return reply(
        {{"data", std::move(data)}, {"next", page->next ? Json(write_cursor(*page->next)) : Json()}});
}

base::Result<Reply> export_calls(Call& call) {
    constexpr std::string_view formats[] = {"csv", "jsonl"};
    const bool as_lines = call.query.choice("format", formats) == 1;
    auto query = read_query(call);
    if (!query) return base::fail(query.error());
    if (auto done = call.query.finish(); !done) return base::fail(done.error());
    query->limit = export_page;
    Reply answer;
    answer.content_type = as_lines ? "application/jsonl" : "text/csv; charset=utf-8";
    const std::string name = as_lines ? "tollgate-usage.jsonl" : "tollgate-usage.csv";
    answer.fields.emplace_back("content-disposition", "attachment; filename=\"" + name + "\"");
    const Format format = as_lines ? Format::json_lines : Format::csv;
    answer.more = std::make_unique<Export>(call.parts.storage.usage_reports(), std::move(*query), format);
    return answer;
}

} // namespace tollgate::dashboard
