#include "telemetry/descriptor_sink.hpp"

#include "tollgate/base/time.hpp"

#include <spdlog/details/log_msg.h>

#include <cerrno>
#include <chrono>
#include <string_view>
#include <unistd.h>

namespace tollgate::telemetry {

namespace {

std::string_view name_of(spdlog::level::level_enum level) {
    switch (level) {
    case spdlog::level::trace: return "trace";
    case spdlog::level::debug: return "debug";
    case spdlog::level::info: return "info";
    case spdlog::level::warn: return "warn";
    default: return "error";
    }
}

/// Writes all of it; a descriptor that refuses bytes loses the line, as there is nowhere to report it.
void write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

} // namespace

void DescriptorSink::log(const spdlog::details::log_msg& message) {
    const auto time = base::to_rfc3339(std::chrono::floor<std::chrono::microseconds>(message.time));
    const auto level = name_of(message.level);
    const std::string_view text(message.payload.data(), message.payload.size());
    line_.clear();
    if (format_ == LineFormat::json) {
        line_.append("{\"time\":\"").append(time).append("\",\"level\":\"").append(level).append("\",");
        line_.append(text).append("}\n");
    } else {
        line_.append(time).append(" ").append(level).append(level.size() < 5 ? 6 - level.size() : 1, ' ');
        line_.append(text).append("\n");
    }
    write_all(descriptor_, line_);
}

} // namespace tollgate::telemetry
