// Usage as people and programs read it: a table, CSV (RFC 4180) or one JSON object a line. Values; any
// thread.
#pragma once

#include "tollgate/ports/ledger.hpp"

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::app {

enum class UsageFormat { table, csv, json_lines };

/// "table", "csv", "jsonl". Error: invalid_field.
base::Result<UsageFormat> parse_usage_format(std::string_view text);

/// What a group's id stands for, where a name says more.
using GroupNames = std::vector<std::pair<std::string, std::string>>;

struct SummaryView {
    std::string_view group{}; // "key", "model", …
    std::string currency{};
    GroupNames names{};
};

void print_groups(std::ostream& out, const std::vector<ports::UsageGroup>& groups, const SummaryView& view,
                  UsageFormat format);

/// Once before the first event; CSV alone has a header.
void print_event_header(std::ostream& out, UsageFormat format);
void print_event(std::ostream& out, const domain::UsageEvent& event, UsageFormat format);

/// One field of CSV: quoted where it has to be, and harmless in a spreadsheet, which takes = + - @ at the
/// front of a text for a formula.
std::string csv_text(std::string_view text);

} // namespace tollgate::app
