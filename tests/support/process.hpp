// Real programs, started and stopped by their process id. What they print is kept for the test to read.
#pragma once

#include <chrono>
#include <csignal>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <thread>
#include <vector>

namespace tollgate::testing {

/// A program that runs until it ends or is stopped. Killed, if need be, when this dies.
class Process {
public:
    Process(const std::string& program, const std::vector<std::string>& arguments,
            const std::filesystem::path& folder);
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process();

    /// Standard output and standard error so far, as they came.
    std::string output() const;

    /// What stands after `mark` up to `end` as soon as it has been printed; empty when the program ends or
    /// half a minute passes without it.
    std::string wait_for(std::string_view mark, std::string_view end);

    void send(int signal) const;

    /// Its exit code, when it has ended within `limit`; -1 if it runs still, 256 + N if signal N ended it.
    int wait(std::chrono::milliseconds limit = std::chrono::seconds(60));

    /// SIGTERM, then wait().
    int stop();

private:
    void collect(int pipe);
    bool try_reap();

    pid_t id_ = -1;
    int exit_code_ = -1;
    mutable std::mutex mutex_;
    std::string output_;
    std::jthread reader_;
};

struct Finished {
    int exit_code = -1;
    std::string output{}; // standard output alone
};

/// Runs a program to its end.
Finished run(const std::string& program, const std::vector<std::string>& arguments,
             const std::filesystem::path& folder);

} // namespace tollgate::testing
