// A running log whose lines go to an anonymous file, for the tests of this folder.
#pragma once

#include "tollgate/telemetry/log.hpp"

#include <array>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

namespace tollgate::telemetry::testing {

class WrittenLog {
public:
    explicit WrittenLog(LogOptions options = {}) : descriptor_(memfd_create("log", MFD_CLOEXEC)) {
        options.descriptor = descriptor_;
        start_log(options);
    }
    WrittenLog(const WrittenLog&) = delete;
    WrittenLog& operator=(const WrittenLog&) = delete;
    ~WrittenLog() {
        stop();
        close(descriptor_);
    }

    /// Ends the log and returns all that it wrote.
    std::string text() {
        stop();
        std::string result;
        std::array<char, 4096> part{};
        lseek(descriptor_, 0, SEEK_SET);
        for (auto size = read(descriptor_, part.data(), part.size()); size > 0;
             size = read(descriptor_, part.data(), part.size())) {
            result.append(part.data(), static_cast<std::size_t>(size));
        }
        return result;
    }

private:
    void stop() {
        if (!stopped_) stop_log();
        stopped_ = true;
    }

    int descriptor_;
    bool stopped_ = false;
};

/// The line behind its time, which is checked for its form: 2026-11-23T09:05:00Z or with a fraction.
inline std::string without_time(std::string line) {
    constexpr std::string_view json_start = "{\"time\":\"";
    const std::size_t start = line.starts_with(json_start) ? json_start.size() : 0;
    const auto end = line.find('Z', start);
    const bool is_time = end != std::string::npos && end - start >= 19 && line[start + 4] == '-' &&
                         line[start + 10] == 'T' && line[start + 13] == ':';
    return is_time ? line.erase(start, end + 1 - start) : "no time in: " + line;
}

} // namespace tollgate::telemetry::testing
