#include "tollgate/config/load_config.hpp"

#include "config/read_settings.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <tuple>

namespace tollgate::config {

namespace {

base::Result<std::string> read_file(const std::string& path) {
    const auto unreadable = [](std::string why) {
        return base::fail(base::ErrorCode::invalid_configuration, base::ErrorSource::internal,
                          std::move(why));
    };
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (!std::filesystem::exists(status)) return unreadable("no such file");
    if (!std::filesystem::is_regular_file(status)) return unreadable("not a regular file");
    const auto size = std::filesystem::file_size(path, error);
    if (!error && size > max_file_bytes) return unreadable("larger than 1 MiB");
    std::ifstream stream(path, std::ios::binary);
    if (!stream) return unreadable("it cannot be opened");
    std::string content{std::istreambuf_iterator<char>(stream), {}};
    if (stream.bad()) return unreadable("it cannot be read");
    return content;
}

void read_sections(const Node& root, Config& config, Reading& reading) {
    Section file(&root, "", reading);
    read_server(file.section("server"), config.server);
    read_storage(file.section("storage"), config.storage);
    read_accounts(file.section("accounts"), config.accounts);
    read_keys(file.section("keys"), config.keys);
    read_billing(file.section("billing"), config.billing);
    auto declared = well_known_provider_names();
    const Node* providers = file.take("providers");
    if (providers && providers->kind != Node::Kind::null) {
        declared = read_providers(file.section("providers"), config.providers);
    }
    read_routing(file.section("routing"), config.routing);
    read_usage(file.section("usage"), config.usage);
    read_telemetry(file.section("telemetry"), config.telemetry);
    file.refuse_others();
    validate(config, declared, reading);
}

} // namespace

Environment process_environment() {
    return {.variable = [](std::string_view name) -> std::optional<std::string> {
                const char* value = std::getenv(std::string(name).c_str());
                return value ? std::optional<std::string>(value) : std::nullopt;
            },
            .file = read_file};
}

Config default_config(const Environment& environment) {
    Config config;
    config.accounts.session_secret =
        base::Secret(environment.variable("TOLLGATE_SESSION_SECRET").value_or(""));
    config.providers = providers_of_environment(environment);
    return config;
}

LoadedConfig load_config_text(std::string_view text, const Environment& environment) {
    const auto root = parse_document(text);
    if (!root) return {.faults = {root.error()}};
    Reading reading{.environment = environment};
    LoadedConfig loaded{.config = default_config(environment)};
    refuse_duplicates(*root, "", reading);
    read_sections(*root, loaded.config, reading);
    std::ranges::sort(reading.faults, {}, [](const ConfigFault& fault) {
        return std::tie(fault.line, fault.path, fault.message);
    });
    loaded.faults = std::move(reading.faults);
    return loaded;
}

LoadedConfig load_config_file(const std::string& path, const Environment& environment) {
    const auto text = environment.file(path);
    if (!text) return {.faults = {{.message = "cannot read the file: " + text.error().message}}};
    return load_config_text(*text, environment);
}

std::string format_faults(const std::vector<ConfigFault>& faults, std::string_view origin) {
    std::string text;
    for (const ConfigFault& fault : faults) {
        text.append(origin);
        if (fault.line > 0) text.append(":").append(std::to_string(fault.line));
        text.append(": ");
        if (!fault.path.empty()) text.append(fault.path).append(": ");
        text.append(fault.message).append("\n");
    }
    return text;
}

} // namespace tollgate::config
