// Which of the latencies that are kept answer a report, in SQL that every engine understands. Pure.
#pragma once

#include "tollgate/ports/usage_reports.hpp"

#include <string_view>

namespace tollgate::storage {

/// Behind the filter: " AND …", one kind of row of domain/ledger_batch.hpp and no other.
std::string_view rows_condition(ports::LatencyRows rows);

} // namespace tollgate::storage
