#include "tollgate/storage/key_order.hpp"

namespace tollgate::storage {

namespace {

using ports::KeySort;

/// Never null, so that rows compare.
std::string_view expression_of(KeySort sort) {
    switch (sort) {
    case KeySort::created: return "k.created_at";
    case KeySort::name: return "lower(k.name)";
    case KeySort::spend: return "coalesce(t.spent_micros, 0)";
    case KeySort::rate_limit: return "k.rate_limit";
    case KeySort::requests: return "coalesce(t.requests, 0)";
    case KeySort::last_used: return "coalesce(t.last_used_at, -1)";
    case KeySort::expires: return "coalesce(k.expires_at, 9223372036854775807)";
    }
    return "k.created_at";
}

} // namespace

std::string_view totals_join(KeySort sort) {
    const bool needs_them = sort == KeySort::spend || sort == KeySort::requests || sort == KeySort::last_used;
    return needs_them ? " LEFT JOIN key_totals AS t ON t.key_id = k.id" : "";
}

std::string page_condition(const ports::KeyFilter& filter, std::string_view after) {
    const std::string row = std::string(expression_of(filter.sort)) + ", k.id";
    const std::string_view beyond = filter.direction == ports::SortDirection::up ? ") > (" : ") < (";
    std::string sql = " AND (" + row;
    sql.append(beyond).append("SELECT ").append(row).append(" FROM api_keys AS k");
    sql.append(totals_join(filter.sort)).append(" WHERE k.id = ").append(after).append(")");
    return sql;
}

std::string order_clause(const ports::KeyFilter& filter) {
    const std::string_view way = filter.direction == ports::SortDirection::up ? " ASC" : " DESC";
    std::string sql = " ORDER BY ";
    sql.append(expression_of(filter.sort)).append(way).append(", k.id").append(way);
    return sql;
}

} // namespace tollgate::storage
