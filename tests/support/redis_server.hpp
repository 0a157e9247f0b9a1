// A real redis-server of the test's own: on a free port of loopback and a socket file, without persistence
// unless asked for, its files in a temporary directory, ended with the test.
#pragma once

#include "support/process.hpp"
#include "support/temporary_directory.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tollgate::testing {

/// A port of loopback that was free a moment ago. Beside it, a server in a cluster takes the one 10,000
/// above.
std::uint16_t free_port();

class RedisServer {
public:
    /// `options` are further arguments of redis-server ("--maxmemory", "10mb").
    explicit RedisServer(std::vector<std::string> options = {});

    std::uint16_t port() const { return port_; }
    std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
    std::string socket_path() const { return (directory_.path() / "redis.sock").string(); }
    const std::filesystem::path& directory() const { return directory_.path(); }

    /// What redis-cli prints for a command, without the last line end.
    std::string say(const std::vector<std::string>& words) const;

    /// kill -9, and a fresh start on the same port (with what was persisted, if anything).
    void kill();
    void start();
    void freeze() const { process_->send(SIGSTOP); }
    void thaw() const { process_->send(SIGCONT); }
    std::string output() const { return process_->output(); }

private:
    std::vector<std::string> options_;
    TemporaryDirectory directory_;
    std::uint16_t port_ = 0;
    std::unique_ptr<Process> process_;
};

} // namespace tollgate::testing
