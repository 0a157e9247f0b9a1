#include "telemetry/prometheus_text.hpp"

#include <utility>

namespace tollgate::telemetry {

namespace {

/// HELP escapes backslash and line end, a label's value the quote too.
void append_escaped(std::string& out, std::string_view text, std::string_view escaped) {
    for (const char c : text) {
        if (!escaped.contains(c)) {
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else {
            out += '\\';
            out += c;
        }
    }
}

void append_head(std::string& out, std::string_view name, std::string_view help, std::string_view type) {
    out.append("# HELP ").append(name).append(" ");
    append_escaped(out, help, "\\\n");
    out.append("\n# TYPE ").append(name).append(" ").append(type).append("\n");
}

void append_series(std::string& out, std::string_view name, std::string_view labels, std::string_view value) {
    out.append(name);
    if (!labels.empty()) out.append("{").append(labels).append("}");
    out.append(" ").append(value).append("\n");
}

/// Microseconds as seconds, exactly: "0.0025", "15".
std::string seconds_of(std::uint64_t micros) {
    constexpr std::uint64_t per_second = 1'000'000;
    std::string text = std::to_string(micros / per_second);
    const std::uint64_t rest = micros % per_second;
    if (rest == 0) return text;
    const std::string digits = std::to_string(per_second + rest).substr(1);
    return text.append(".").append(digits.substr(0, digits.find_last_not_of('0') + 1));
}

void append_histogram(std::string& out, const MetricFamily& family, std::span<const std::uint64_t> cells) {
    const std::string name(family.name);
    std::uint64_t count = 0; // buckets are cumulative
    for (std::size_t i = 0; i <= family.bounds.size(); ++i) {
        count += cells[i];
        const std::string bound = i < family.bounds.size() ? seconds_of(family.bounds[i]) : "+Inf";
        append_series(out, name + "_bucket", metric_label("le", bound), std::to_string(count));
    }
    append_series(out, name + "_sum", "", seconds_of(cells.back()));
    append_series(out, name + "_count", "", std::to_string(count));
}

} // namespace

std::string metric_label(std::string_view name, std::string_view value) {
    std::string label(name);
    label += "=\"";
    append_escaped(label, value, "\\\n\"");
    return label += '"';
}

void append_family(std::string& out, const MetricFamily& family, std::span<const std::uint64_t> cells) {
    switch (family.type) {
    case FamilyType::histogram:
        append_head(out, family.name, family.help, "histogram");
        append_histogram(out, family, cells);
        return;
    case FamilyType::counter: append_head(out, family.name, family.help, "counter"); break;
    case FamilyType::gauge: append_head(out, family.name, family.help, "gauge"); break;
    }
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (cells[i] == 0 && family.empty == EmptySeries::left_out) continue;
        const std::string value = family.type == FamilyType::gauge
                                      ? std::to_string(static_cast<std::int64_t>(cells[i]))
                                      : std::to_string(cells[i]);
        append_series(out, family.name, family.labels[i], value);
    }
}

void append_sampled(std::string& out, const SampledMetric& metric) {
    append_head(out, metric.name, metric.help,
                metric.type == SampledMetric::Type::counter ? "counter" : "gauge");
    for (const auto& [labels, value] : metric.values) {
        append_series(out, metric.name, labels, std::to_string(value));
    }
}

} // namespace tollgate::telemetry
