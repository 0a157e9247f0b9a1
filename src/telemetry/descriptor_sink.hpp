// The end of the log: completes a line with its time and level and writes it to a file descriptor in one
// piece. Used by the log's thread alone.
#pragma once

#include "telemetry/log_line.hpp"

#include <spdlog/sinks/sink.h>

#include <memory>
#include <string>

namespace tollgate::telemetry {

class DescriptorSink final : public spdlog::sinks::sink {
public:
    DescriptorSink(int descriptor, LineFormat format) : descriptor_(descriptor), format_(format) {}

    void log(const spdlog::details::log_msg& message) override;
    void flush() override {}
    // Formats are ours: log lines are data for programs, not a pattern of the operator.
    void set_pattern(const std::string& /*pattern*/) override {}
    void set_formatter(std::unique_ptr<spdlog::formatter> /*formatter*/) override {}

private:
    int descriptor_;
    LineFormat format_;
    std::string line_{};
};

} // namespace tollgate::telemetry
