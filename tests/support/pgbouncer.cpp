#include "support/pgbouncer.hpp"

#include "support/eventually.hpp"

#include <pqxx/connection>
#include <pqxx/except>

#include <fstream>
#include <stdexcept>

namespace tollgate::testing {

Pgbouncer::Pgbouncer(const PostgresServer& server) {
    const auto settings = directory_.path() / "pgbouncer.ini";
    std::ofstream(settings) << "[databases]\n* = user=postgres host=" << server.directory().string() << "\n"
                            << "[pgbouncer]\nlisten_addr =\nlisten_port = 6432\nunix_socket_dir = "
                            << directory_.path().string() << "\nauth_type = any\npool_mode = transaction\n"
                            << "max_client_conn = 500\ndefault_pool_size = 4\nserver_idle_timeout = 2\n";
    give_to_server_user(directory_.path());
    auto words = as_server_user();
    words.emplace_back("/usr/sbin/pgbouncer");
    words.push_back(settings.string());
    process_ = std::make_unique<Process>("/usr/bin/setpriv", words, directory_.path());
    const auto answers = [this] { // its socket is there a moment before it listens
        try {
            return pqxx::connection(url("postgres")).is_open();
        } catch (const pqxx::broken_connection&) {
            return false;
        }
    };
    if (!eventually(answers)) {
        throw std::runtime_error("pgbouncer did not start: " + process_->output());
    }
}

Pgbouncer::~Pgbouncer() {
    process_->send(SIGINT);
    if (process_->wait(std::chrono::seconds(10)) < 0) process_->send(SIGKILL);
}

Pgbouncer& Pgbouncer::shared() {
    auto& server = PostgresServer::shared(); // first, so that it ends last
    static Pgbouncer pooler(server);
    return pooler;
}

std::string Pgbouncer::url(const std::string& database) const {
    return "postgresql://postgres@/" + database + "?port=6432&host=" + directory_.path().string();
}

} // namespace tollgate::testing
