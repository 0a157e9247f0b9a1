// A PostgreSQL server of a test's own: made in a temporary directory, reached through a Unix socket there,
// ended with the test. As root it runs as another user, because PostgreSQL refuses root.
#pragma once

#include "support/process.hpp"
#include "support/temporary_directory.hpp"

#include <memory>
#include <string>
#include <vector>

namespace tollgate::testing {

/// Ends with the process of the test, whatever that dies of, and may be told to run as an unprivileged user.
std::vector<std::string> as_server_user();
/// Gives the directory to that user.
void give_to_server_user(const std::filesystem::path& path);

class PostgresServer {
public:
    /// Creates and starts it; throws when that fails. `settings` are like "max_connections=5".
    explicit PostgresServer(std::vector<std::string> settings = {});

    /// A standby that follows `primary` by streaming.
    static std::unique_ptr<PostgresServer> standby_of(const PostgresServer& primary);
    ~PostgresServer();
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;

    /// The one that the tests of a program share: started by the first, ended with the program.
    static PostgresServer& shared();

    const std::filesystem::path& directory() const { return directory_.path(); }
    std::string url(const std::string& database) const;

    /// An empty database with a name of its own, or a copy of another one. Answers the name.
    std::string create_database(const std::string& original = "template0");

    void start();                 // waits until it takes connections
    void stop();                  // in order, cutting connections
    void kill();                  // kill -9 of the server; its children notice by themselves
    void send_to_all(int signal); // SIGSTOP, SIGCONT: the server and every child

    /// Runs SQL as the superuser; throws when it fails. Answers the first column of the last row.
    std::string execute(const std::string& database, const std::string& sql) const;

private:
    struct Empty {};
    explicit PostgresServer(Empty) {}
    pid_t id() const;

    TemporaryDirectory directory_;
    std::vector<std::string> settings_;
    std::unique_ptr<Process> process_;
};

} // namespace tollgate::testing
