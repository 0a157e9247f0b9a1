#include "app/serve.hpp"

#include "app/application.hpp"
#include "tollgate/telemetry/log.hpp"

#include <sys/resource.h>

#include <csignal>
#include <utility>

namespace tollgate::app {

namespace {

telemetry::LogOptions log_options(const config::Telemetry& settings) {
    telemetry::LogOptions options;
    options.level = static_cast<telemetry::LogLevel>(settings.log_level);
    options.format = static_cast<telemetry::LogFormat>(settings.log_format);
    options.access = static_cast<telemetry::AccessLog>(settings.access_log);
    return options;
}

/// A stream takes two descriptors; the usual soft limit of 1,024 would be full with 500 of them.
void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    static_cast<void>(::setrlimit(RLIMIT_NOFILE, &limit));
}

base::Result<void> run(const config::Config& config, ConfigReader read_again) {
    Application application(config, std::move(read_again));
    const auto started = application.start();
    if (!started) return started;
    application.run_until_signal();
    application.drain();
    return {};
}

} // namespace

base::Result<void> serve(const config::Config& config, ConfigReader read_again) {
    std::signal(SIGPIPE, SIG_IGN); // OpenSSL writes without MSG_NOSIGNAL
    raise_descriptor_limit();
    telemetry::start_log(log_options(config.telemetry));
    const auto ended = run(config, std::move(read_again));
    telemetry::stop_log();
    return ended;
}

} // namespace tollgate::app
