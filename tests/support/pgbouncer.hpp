// pgbouncer in transaction mode before a test's PostgreSQL server, on a Unix socket in a directory of its
// own.
#pragma once

#include "support/postgres_server.hpp"

namespace tollgate::testing {

class Pgbouncer {
public:
    explicit Pgbouncer(const PostgresServer& server);
    ~Pgbouncer();
    Pgbouncer(const Pgbouncer&) = delete;
    Pgbouncer& operator=(const Pgbouncer&) = delete;

    /// Before PostgresServer::shared().
    static Pgbouncer& shared();

    std::string url(const std::string& database) const;

private:
    TemporaryDirectory directory_;
    std::unique_ptr<Process> process_;
};

} // namespace tollgate::testing
