#include "tollgate/telemetry/log.hpp"

#include "telemetry/log_queue.hpp"
#include "tollgate/base/check.hpp"

#include <atomic>
#include <memory>
#include <string>

namespace tollgate::telemetry {

namespace {

// The process has one standard error, hence one log; everything else is passed as a parameter.
std::unique_ptr<LogQueue> queue;
std::atomic<LogQueue*> running = nullptr;
std::atomic<LogLevel> least = LogLevel::off;

void log(LogLevel level, std::string_view message, std::initializer_list<Attribute> attributes) {
    if (!log_is_on(level)) return;
    LogQueue* const target = running_log();
    if (!target) return;
    std::string& text = line_buffer();
    LogLine line(text, target->format(), message);
    for (const Attribute& attribute : attributes) line.add(attribute);
    target->push(level, text);
}

} // namespace

LogQueue* running_log() {
    return running.load(std::memory_order_acquire);
}

std::string& line_buffer() {
    thread_local std::string buffer;
    buffer.clear();
    return buffer;
}

void start_log(const LogOptions& options) {
    TG_CHECK(queue == nullptr);
    queue = std::make_unique<LogQueue>(options);
    running.store(queue.get(), std::memory_order_release);
    set_log_level(options.level);
}

void stop_log() {
    set_log_level(LogLevel::off);
    running.store(nullptr, std::memory_order_release);
    queue.reset();
}

void set_log_level(LogLevel level) {
    least.store(level, std::memory_order_relaxed);
}

bool log_is_on(LogLevel level) {
    return level >= least.load(std::memory_order_relaxed) && level != LogLevel::off;
}

std::uint64_t dropped_log_lines() {
    const LogQueue* const target = running_log();
    return target ? target->dropped_lines() : 0;
}

void log_trace(std::string_view message, std::initializer_list<Attribute> attributes) {
    log(LogLevel::trace, message, attributes);
}

void log_debug(std::string_view message, std::initializer_list<Attribute> attributes) {
    log(LogLevel::debug, message, attributes);
}

void log_info(std::string_view message, std::initializer_list<Attribute> attributes) {
    log(LogLevel::info, message, attributes);
}

void log_warn(std::string_view message, std::initializer_list<Attribute> attributes) {
    log(LogLevel::warn, message, attributes);
}

void log_error(std::string_view message, std::initializer_list<Attribute> attributes) {
    log(LogLevel::error, message, attributes);
}

} // namespace tollgate::telemetry
