#include "telemetry/log_queue.hpp"

#include "telemetry/descriptor_sink.hpp"

#include <spdlog/async.h>

#include <unistd.h>
#include <utility>

namespace tollgate::telemetry {

namespace {

LineFormat choose_format(const LogOptions& options) {
    switch (options.format) {
    case LogFormat::json: return LineFormat::json;
    case LogFormat::human: return LineFormat::human;
    case LogFormat::automatic: break;
    }
    return isatty(options.descriptor) == 1 ? LineFormat::human : LineFormat::json;
}

spdlog::level::level_enum level_of(LogLevel level) {
    switch (level) {
    case LogLevel::trace: return spdlog::level::trace;
    case LogLevel::debug: return spdlog::level::debug;
    case LogLevel::info: return spdlog::level::info;
    case LogLevel::warn: return spdlog::level::warn;
    case LogLevel::error: return spdlog::level::err;
    case LogLevel::off: break;
    }
    return spdlog::level::off;
}

} // namespace

LogQueue::LogQueue(const LogOptions& options)
    : format_(choose_format(options)),
      access_(options.access),
      pool_(std::make_shared<spdlog::details::thread_pool>(options.queue_length, 1)) {
    auto sink = std::make_shared<DescriptorSink>(options.descriptor, format_);
    logger_ = std::make_shared<spdlog::async_logger>("tollgate", std::move(sink), pool_,
                                                     spdlog::async_overflow_policy::overrun_oldest);
    logger_->set_level(spdlog::level::trace); // log.cpp has decided before a line is built
}

LogQueue::~LogQueue() {
    // Joins the thread, which empties the queue first. Only then the logger and its sink go: what the thread
    // did with them is then ordered before by something that the thread sanitizer sees.
    pool_.reset();
    logger_.reset();
}

void LogQueue::push(LogLevel level, std::string_view line) {
    logger_->log(level_of(level), spdlog::string_view_t(line.data(), line.size()));
}

std::uint64_t LogQueue::dropped_lines() const {
    return pool_->overrun_counter();
}

} // namespace tollgate::telemetry
