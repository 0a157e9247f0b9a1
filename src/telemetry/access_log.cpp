#include "tollgate/telemetry/access_log.hpp"

#include "telemetry/log_queue.hpp"

#include <string>

namespace tollgate::telemetry {

namespace {

bool is_wanted(AccessLog choice, int status) {
    switch (choice) {
    case AccessLog::all: return true;
    case AccessLog::errors: return status >= 400;
    case AccessLog::off: break;
    }
    return false;
}

void add_known(LogLine& line, std::string_view name, std::string_view text) {
    if (!text.empty()) line.add({name, text});
}

void add_known(LogLine& line, std::string_view name, std::uint64_t number) {
    if (number != 0) line.add({name, number});
}

void add_exchange(LogLine& line, const AccessEntry& entry) {
    line.add({"request_id", entry.request_id});
    line.add({"client_address", entry.client_address});
    line.add({"method", entry.method});
    line.add({"path", entry.path});
    line.add({"status", entry.status});
    line.add({"duration_ms", entry.duration.count()});
    line.add({"bytes_in", entry.bytes_in});
    line.add({"bytes_out", entry.bytes_out});
}

void add_call(LogLine& line, const AccessEntry& entry) {
    add_known(line, "reason", entry.reason);
    add_known(line, "key_id", entry.key_id);
    add_known(line, "account_id", entry.account_id);
    add_known(line, "model", entry.model);
    add_known(line, "provider", entry.provider);
    add_known(line, "input_tokens", entry.input_tokens);
    add_known(line, "output_tokens", entry.output_tokens);
    if (entry.cost) line.add({"cost_micros", entry.cost->micros()});
    if (entry.first_byte) line.add({"first_byte_ms", entry.first_byte->count()});
    add_known(line, "attempts", entry.attempts);
    if (entry.stream) line.add({"stream", true});
    if (entry.client_gone) line.add({"client_gone", true});
}

} // namespace

void log_access(const AccessEntry& entry) {
    if (!log_is_on(LogLevel::info)) return;
    LogQueue* const target = running_log();
    if (!target || !is_wanted(target->access(), entry.status)) return;
    std::string& text = line_buffer();
    LogLine line(text, target->format(), "request");
    add_exchange(line, entry);
    add_call(line, entry);
    target->push(LogLevel::info, text);
}

} // namespace tollgate::telemetry
