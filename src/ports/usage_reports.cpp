#include "tollgate/ports/usage_reports.hpp"

namespace tollgate::ports {

LatencyRows latency_rows(const UsageFilter& filter, GroupBy group) {
    const bool by_model =
        filter.model || filter.provider || group == GroupBy::model || group == GroupBy::provider;
    const bool by_account = filter.account_id || group == GroupBy::account;
    if (filter.key_id || group == GroupBy::key) return LatencyRows::details;
    if (by_account) return by_model ? LatencyRows::account_models : LatencyRows::accounts;
    return by_model ? LatencyRows::models : LatencyRows::all;
}

} // namespace tollgate::ports
