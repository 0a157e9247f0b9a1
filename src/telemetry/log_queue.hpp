// The running log: spdlog's queue and thread in front of one file descriptor. Private to this layer; at most
// one is there, made by start_log. Any thread may push.
#pragma once

#include "telemetry/log_line.hpp"
#include "tollgate/telemetry/log.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

namespace spdlog {
class logger;
namespace details {
class thread_pool;
}
} // namespace spdlog

namespace tollgate::telemetry {

class LogQueue {
public:
    explicit LogQueue(const LogOptions& options);
    ~LogQueue(); // writes what is queued
    LogQueue(const LogQueue&) = delete;
    LogQueue& operator=(const LogQueue&) = delete;

    LineFormat format() const { return format_; }
    AccessLog access() const { return access_; }

    /// Takes a line as LogLine makes it; copies it and returns without waiting for the descriptor.
    void push(LogLevel level, std::string_view line);

    std::uint64_t dropped_lines() const;

private:
    LineFormat format_;
    AccessLog access_;
    std::shared_ptr<spdlog::details::thread_pool> pool_;
    std::shared_ptr<spdlog::logger> logger_;
};

/// The running log; null: none.
LogQueue* running_log();

/// This thread's buffer for the line that it is building, emptied.
std::string& line_buffer();

} // namespace tollgate::telemetry
