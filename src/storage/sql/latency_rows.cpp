#include "tollgate/storage/latency_rows.hpp"

namespace tollgate::storage {

std::string_view rows_condition(ports::LatencyRows rows) {
    switch (rows) {
    case ports::LatencyRows::details: return " AND key_id <> ''";
    case ports::LatencyRows::account_models: return " AND key_id = '' AND account_id <> '' AND model <> ''";
    case ports::LatencyRows::accounts: return " AND key_id = '' AND account_id <> '' AND model = ''";
    case ports::LatencyRows::models: return " AND key_id = '' AND account_id = '' AND model <> ''";
    case ports::LatencyRows::all: break;
    }
    return " AND key_id = '' AND account_id = '' AND model = ''";
}

} // namespace tollgate::storage
