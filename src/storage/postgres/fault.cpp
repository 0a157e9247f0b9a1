#include "storage/postgres/fault.hpp"

#include <pqxx/except>

#include <algorithm>
#include <array>
#include <chrono>

namespace tollgate::storage::postgres {

namespace {

base::Error error_of(base::ErrorCode code, base::Retry retry, std::string message) {
    return {
        .code = code, .source = base::ErrorSource::storage, .retry = retry, .message = std::move(message)};
}

Fault with(FaultKind kind, std::string message) {
    return {.kind = kind, .error = unavailable(std::move(message))};
}

/// One line, without libpq's prefixes, hints and positions.
std::string first_line(std::string_view text) {
    std::string line(text.substr(0, text.find('\n')));
    for (const std::string_view prefix : {"ERROR:  ", "FATAL:  "}) {
        if (line.starts_with(prefix)) line.erase(0, prefix.size());
    }
    return line;
}

/// libpq writes "connection to server at … failed: FATAL:  …", a line for each host or address.
std::string joined_lines(std::string_view text) {
    std::string joined;
    while (text.ends_with('\n')) text.remove_suffix(1);
    for (const char c : text) {
        if (c == '\n') {
            joined += "; ";
        } else if (c != '\t') {
            joined += c;
        }
    }
    return joined;
}

Fault fault_of_state(std::string_view state, const std::string& message) {
    constexpr std::array<std::string_view, 4> gone{"57P01", "57P02", "57P03", "57P05"};
    if (state == "40001" || state == "40P01") return with(FaultKind::collision, message);
    if (state == "25006") return with(FaultKind::standby, "connected to a standby: " + message);
    if (state == "53300") return with(FaultKind::crowded, message);
    if (state.starts_with("08") || std::ranges::find(gone, state) != gone.end())
        return with(FaultKind::broken, message);
    // No partition for a row: another node dropped it a moment ago, the next attempt makes it again.
    if (state == "23514" && message.contains("no partition")) return with(FaultKind::collision, message);
    if (state.starts_with("22")) {
        return {.error = error_of(base::ErrorCode::invalid_field, base::Retry::no, "PostgreSQL: " + message)};
    }
    const bool may_pass = state.starts_with("53") || state.starts_with("55") || state == "57014";
    return {.error = error_of(base::ErrorCode::storage_unavailable,
                              may_pass ? base::Retry::maybe : base::Retry::no, "PostgreSQL: " + message)};
}

struct ConnectRule {
    std::string_view mark{};
    FaultKind kind = FaultKind::final;
    std::string_view advice{};
};

constexpr ConnectRule connect_rules[] = {
    {"password authentication failed", FaultKind::final, "check user and password in storage.database"},
    {"no password supplied", FaultKind::final, "storage.database needs a password"},
    {"no pg_hba.conf entry", FaultKind::final, "pg_hba.conf of the server must allow this user from here"},
    {"too many", FaultKind::crowded, "lower storage.postgresql.connections or raise max_connections"},
    {"connection slots", FaultKind::crowded, "lower storage.postgresql.connections or raise max_connections"},
    {"no more connections", FaultKind::crowded, "raise max_client_conn of the pooler"},
    {"read-only", FaultKind::standby, "no host of storage.database is a primary at the moment"},
    {"read-write", FaultKind::standby, "no host of storage.database is a primary at the moment"},
    {"starting up", FaultKind::broken, "wait until the server has started"},
    {"shutting down", FaultKind::broken, "the server is being stopped"},
    {"recovery mode", FaultKind::broken, "wait until the server has recovered"},
    {"No such file or directory", FaultKind::broken, "is the server running, and is this its socket?"},
    {"refused", FaultKind::broken, "is the server running, and is this its address?"},
    {"timeout", FaultKind::broken, "the server does not answer"},
    {"translate host name", FaultKind::broken, "check the host in storage.database"},
};

bool is_missing(std::string_view message, std::string_view what) {
    return message.contains(std::string(what) + " \"") && message.contains("does not exist");
}

} // namespace

base::Error unavailable(std::string message) {
    auto error = error_of(base::ErrorCode::storage_unavailable, base::Retry::maybe,
                          "PostgreSQL: " + std::move(message));
    error.retry_after = std::chrono::seconds(1);
    return error;
}

Fault fault_of(const std::exception& thrown) {
    const std::string message = first_line(thrown.what());
    if (dynamic_cast<const pqxx::transaction_rollback*>(&thrown) != nullptr) {
        return with(FaultKind::collision, message);
    }
    if (dynamic_cast<const pqxx::broken_connection*>(&thrown) != nullptr) {
        return with(FaultKind::broken, message);
    }
    if (const auto* sql = dynamic_cast<const pqxx::sql_error*>(&thrown)) {
        return fault_of_state(sql->sqlstate(), message);
    }
    return {.error =
                error_of(base::ErrorCode::storage_unavailable, base::Retry::no, "PostgreSQL: " + message)};
}

Fault connect_fault(std::string_view message, const std::string& display) {
    const std::string text = "cannot connect to " + display + ": " + joined_lines(message);
    if (is_missing(message, "database")) {
        return {.error = error_of(base::ErrorCode::storage_unavailable, base::Retry::no,
                                  text + "; create it (createdb) or correct storage.database")};
    }
    if (is_missing(message, "role")) {
        return {.error = error_of(base::ErrorCode::storage_unavailable, base::Retry::no,
                                  text + "; create the user (createuser) or correct storage.database")};
    }
    for (const ConnectRule& rule : connect_rules) {
        if (!message.contains(rule.mark)) continue;
        Fault fault = with(rule.kind, text + "; " + std::string(rule.advice));
        if (rule.kind == FaultKind::final) fault.error.retry = base::Retry::no;
        return fault;
    }
    return with(FaultKind::broken, text);
}

} // namespace tollgate::storage::postgres
