#include "tollgate/config/config.hpp"

namespace tollgate::config {

std::string_view to_string(Protocol protocol) {
    switch (protocol) {
    case Protocol::openai: return "openai";
    case Protocol::anthropic: return "anthropic";
    case Protocol::gemini: return "gemini";
    }
    return "unknown";
}

std::string_view to_string(Registration registration) {
    switch (registration) {
    case Registration::open: return "open";
    case Registration::invite: return "invite";
    case Registration::closed: return "closed";
    }
    return "unknown";
}

std::string_view to_string(LogFormat format) {
    switch (format) {
    case LogFormat::automatic: return "auto";
    case LogFormat::json: return "json";
    case LogFormat::human: return "human";
    }
    return "unknown";
}

std::string_view to_string(LogLevel level) {
    switch (level) {
    case LogLevel::trace: return "trace";
    case LogLevel::debug: return "debug";
    case LogLevel::info: return "info";
    case LogLevel::warn: return "warn";
    case LogLevel::error: return "error";
    case LogLevel::off: return "off";
    }
    return "unknown";
}

std::string_view to_string(AccessLog choice) {
    switch (choice) {
    case AccessLog::all: return "all";
    case AccessLog::errors: return "errors";
    case AccessLog::off: return "off";
    }
    return "unknown";
}

std::string to_string(const ListenAddress& address) {
    if (address.is_unix()) return "unix:" + address.unix_path;
    const std::string host = address.host.contains(':') ? "[" + address.host + "]" : address.host;
    return host + ":" + std::to_string(address.port);
}

} // namespace tollgate::config
