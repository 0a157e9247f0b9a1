// The log: structured lines on standard error, written by one thread of its own from a bounded queue, so that
// a caller never waits for a terminal or a disk; when the queue is full the oldest line gives way. Any thread
// may log between start_log and stop_log; outside of that lines are dropped. base::Secret has no way in.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <type_traits>
#include <variant>

namespace tollgate::telemetry {

/// The numbers grow with importance and are those of config::LogLevel.
enum class LogLevel { trace, debug, info, warn, error, off };
enum class LogFormat { automatic, json, human }; // automatic: human on a terminal
enum class AccessLog { all, errors, off };       // errors: answered with 400 or more

struct LogOptions {
    LogLevel level = LogLevel::info;
    LogFormat format = LogFormat::automatic;
    AccessLog access = AccessLog::all;
    int descriptor = 2;               // where lines go; not closed
    std::size_t queue_length = 8'192; // lines
};

/// Call once, before other threads log. Starting twice without a stop ends the process.
void start_log(const LogOptions& options);

/// Writes what is queued and ends the log's thread. Call when no other thread logs any more.
void stop_log();

/// Takes effect at once, on every thread.
void set_log_level(LogLevel level);

/// Is the log running and this level written? Costs one load.
bool log_is_on(LogLevel level);

/// Lines that a full queue dropped since the start.
std::uint64_t dropped_log_lines();

/// One named field of a line. Borrows name and text for the duration of the call.
struct Attribute {
    std::string_view name;
    std::variant<std::string_view, std::int64_t, std::uint64_t, bool> value;

    Attribute(std::string_view field, std::string_view text) : name(field), value(text) {}

    template <std::integral T>
    Attribute(std::string_view field, T number) : name(field), value(widen(number)) {}

private:
    template <class T>
    static auto widen(T number) {
        if constexpr (std::same_as<T, bool>) {
            return number;
        } else {
            return std::conditional_t<std::signed_integral<T>, std::int64_t, std::uint64_t>{number};
        }
    }
};

/// Nothing in a message or a text can end the line or reach a terminal as a control character. Fields keep
/// their order; their names must be unlike `time`, `level` and `message`.
void log_trace(std::string_view message, std::initializer_list<Attribute> attributes = {});
void log_debug(std::string_view message, std::initializer_list<Attribute> attributes = {});
void log_info(std::string_view message, std::initializer_list<Attribute> attributes = {});
void log_warn(std::string_view message, std::initializer_list<Attribute> attributes = {});
void log_error(std::string_view message, std::initializer_list<Attribute> attributes = {});

} // namespace tollgate::telemetry
