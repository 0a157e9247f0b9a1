#include "support/postgres_server.hpp"

#include "support/eventually.hpp"

#include <pqxx/connection>
#include <pqxx/nontransaction>

#include <atomic>
#include <fstream>
#include <pwd.h>
#include <stdexcept>
#include <unistd.h>

namespace tollgate::testing {

namespace {

namespace fs = std::filesystem;

/// The newest that Debian's packages have put here.
fs::path binaries() {
    fs::path newest;
    std::error_code none;
    for (const auto& version : fs::directory_iterator("/usr/lib/postgresql", none)) {
        if (fs::exists(version.path() / "bin" / "initdb")) newest = std::max(newest, version.path() / "bin");
    }
    if (newest.empty()) throw std::runtime_error("PostgreSQL is missing: scripts/install --for test");
    return newest;
}

const passwd* server_user() {
    const passwd* user = ::getpwnam("postgres");
    return user != nullptr ? user : ::getpwnam("nobody");
}

std::vector<std::string> words_of(const fs::path& program, std::initializer_list<std::string> arguments) {
    auto words = as_server_user();
    words.push_back(program.string());
    words.insert(words.end(), arguments);
    return words;
}

constexpr const char* setpriv = "/usr/bin/setpriv";

/// The processes of which `parent` is the parent.
std::vector<pid_t> children_of(pid_t parent) {
    std::vector<pid_t> children;
    for (const auto& entry : fs::directory_iterator("/proc")) {
        std::ifstream stat(entry.path() / "stat");
        std::string line;
        if (!std::isdigit(entry.path().filename().c_str()[0]) || !std::getline(stat, line)) continue;
        const auto after_name = line.rfind(')');
        char state = 0;
        int found = 0;
        if (std::sscanf(line.c_str() + after_name + 1, " %c %d", &state, &found) == 2 && found == parent) {
            children.push_back(std::stoi(entry.path().filename()));
        }
    }
    return children;
}

} // namespace

std::vector<std::string> as_server_user() {
    std::vector<std::string> words{"--pdeathsig=QUIT"};
    if (::geteuid() != 0) return words;
    const passwd* user = server_user();
    words.push_back("--reuid=" + std::to_string(user->pw_uid));
    words.push_back("--regid=" + std::to_string(user->pw_gid));
    words.emplace_back("--clear-groups");
    return words;
}

void give_to_server_user(const fs::path& path) {
    if (::geteuid() != 0) return;
    const passwd* user = server_user();
    if (::chown(path.c_str(), user->pw_uid, user->pw_gid) != 0) throw std::runtime_error("chown failed");
}

PostgresServer::PostgresServer(std::vector<std::string> settings) : settings_(std::move(settings)) {
    give_to_server_user(directory());
    // Another order of texts than that of their bytes, so that nothing relies on the default.
    const auto made = run(setpriv,
                          words_of(binaries() / "initdb",
                                   {"--pgdata=" + (directory() / "data").string(), "--auth=trust",
                                    "--no-sync", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8",
                                    "--locale-provider=icu", "--icu-locale=en", "--no-instructions"}),
                          directory());
    if (made.exit_code != 0) throw std::runtime_error("initdb failed: " + made.output);
    start();
}

std::unique_ptr<PostgresServer> PostgresServer::standby_of(const PostgresServer& primary) {
    std::unique_ptr<PostgresServer> standby(new PostgresServer(Empty()));
    give_to_server_user(standby->directory());
    const auto copied = run(
        setpriv,
        words_of(binaries() / "pg_basebackup",
                 {"--pgdata=" + (standby->directory() / "data").string(), "--checkpoint=fast", "--no-sync",
                  "--write-recovery-conf", "--host=" + primary.directory().string(), "--username=postgres"}),
        standby->directory());
    if (copied.exit_code != 0) throw std::runtime_error("pg_basebackup failed: " + copied.output);
    standby->start();
    return standby;
}

PostgresServer::~PostgresServer() {
    if (process_ != nullptr) {
        send_to_all(SIGCONT);
        process_->send(SIGQUIT);
        process_->wait(std::chrono::seconds(10));
    }
}

PostgresServer& PostgresServer::shared() {
    static PostgresServer server({"max_connections=300"});
    return server;
}

std::string PostgresServer::url(const std::string& database) const {
    return "postgresql://postgres@/" + database + "?host=" + directory().string();
}

void PostgresServer::start() {
    auto words =
        words_of(binaries() / "postgres", {"-D", (directory() / "data").string(), "-k", directory().string(),
                                           "-c", "listen_addresses=", "-c", "fsync=off", "-c",
                                           "full_page_writes=off", "-c", "synchronous_commit=off"});
    for (const std::string& setting : settings_) {
        words.emplace_back("-c");
        words.push_back(setting);
    }
    process_ = std::make_unique<Process>(setpriv, words, directory());
    const auto answers = [this] {
        try {
            return execute("postgres", "SELECT 1") == "1";
        } catch (const std::exception&) {
            return process_->wait(std::chrono::milliseconds(1)) >= 0;
        }
    };
    eventually(answers, std::chrono::seconds(60));
    if (process_->wait(std::chrono::milliseconds(0)) >= 0) {
        throw std::runtime_error("PostgreSQL did not start: " + process_->output());
    }
}

void PostgresServer::stop() {
    process_->send(SIGINT);
    process_->wait();
    process_.reset();
}

void PostgresServer::kill() {
    const auto children = children_of(id());
    process_->send(SIGKILL);
    process_->wait();
    process_.reset();
    // The data directory is free when the last of them has noticed.
    const auto are_gone = [&children] {
        return std::ranges::all_of(children, [](pid_t child) { return ::kill(child, 0) != 0; });
    };
    eventually(are_gone, std::chrono::seconds(30));
}

pid_t PostgresServer::id() const {
    std::ifstream file(directory() / "data" / "postmaster.pid");
    pid_t id = 0;
    if (!(file >> id) || id <= 1) throw std::runtime_error("no postmaster.pid");
    return id;
}

void PostgresServer::send_to_all(int signal) {
    const pid_t server = id();
    ::kill(server, signal);
    for (const pid_t child : children_of(server)) ::kill(child, signal);
}

std::string PostgresServer::create_database(const std::string& original) {
    static std::atomic<int> number{0};
    const std::string name = "test_" + std::to_string(++number);
    execute("postgres", "CREATE DATABASE " + name + " TEMPLATE " + original);
    return name;
}

std::string PostgresServer::execute(const std::string& database, const std::string& sql) const {
    pqxx::connection connection(url(database) + "&connect_timeout=10");
    pqxx::quiet_errorhandler quiet(connection);
    pqxx::nontransaction work(connection);
    const pqxx::result rows = work.exec(sql);
    return rows.empty() || rows.columns() == 0 ? std::string() : std::string(rows.back()[0].c_str());
}

} // namespace tollgate::testing
