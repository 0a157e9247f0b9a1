#include "storage/postgres/change_bell.hpp"

#include "storage/postgres/connection_string.hpp"
#include "tollgate/runtime/clock.hpp"
#include "tollgate/telemetry/log.hpp"

namespace tollgate::storage::postgres {

namespace {

constexpr std::chrono::seconds retry_pause{1};

} // namespace

ports::Told ChangeBell::await(std::chrono::milliseconds limit) {
    if (is_deaf_) return ports::Told::never;
    try {
        return connection_ == nullptr ? connect() : listen(limit);
    } catch (const std::exception&) {
        // Whoever asks for the changes next sees what is wrong with the server.
        connection_.reset();
        next_attempt_ = runtime::steady_now() + retry_pause;
        return ports::Told::never;
    }
}

ports::Told ChangeBell::connect() {
    if (runtime::steady_now() < next_attempt_) return ports::Told::never;
    const auto target =
        connection_string(settings_.listen ? *settings_.listen : settings_.url, settings_.connect_timeout);
    if (!target) {
        is_deaf_ = true;
        telemetry::log_warn("storage.postgresql.listen is not a URL: changes of keys are asked for");
        return ports::Told::never;
    }
    connection_ = std::make_unique<Connection>(*target);
    if (is_pooled()) {
        connection_.reset();
        is_deaf_ = true;
        telemetry::log_info("a pooler stands before the database: changes of keys are asked for four times a "
                            "second; set storage.postgresql.listen to the server itself to be told at once");
        return ports::Told::never;
    }
    connection_->execute("LISTEN tollgate_key_changes");
    return ports::Told::change;
}

/// A pooler makes up the process id that it gives to its client.
bool ChangeBell::is_pooled() {
    auto row = connection_->execute("SELECT pg_backend_pid()");
    return row.step() && row.integer(0) != connection_->driver().backendpid();
}

ports::Told ChangeBell::listen(std::chrono::milliseconds limit) {
    if (!connection_->is_open()) throw pqxx::broken_connection("the connection to the server was lost");
    const auto seconds = std::chrono::floor<std::chrono::seconds>(limit);
    const std::chrono::microseconds rest = limit - seconds;
    const int notices = connection_->driver().await_notification(seconds.count(), rest.count());
    return notices > 0 ? ports::Told::change : ports::Told::nothing;
}

} // namespace tollgate::storage::postgres
