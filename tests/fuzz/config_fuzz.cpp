// Any bytes as a configuration file: no crash, no unbounded memory, and faults that can be printed.
#include "tollgate/base/check.hpp"
#include "tollgate/config/load_config.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace tollgate;

/// One variable is set, one file exists; nothing outside the input is read.
config::Environment small_environment() {
    return {.variable = [](std::string_view name) -> std::optional<std::string> {
                return name == "A" ? std::optional<std::string>("${B} value") : std::nullopt;
            },
            .file = [](const std::string& path) -> base::Result<std::string> {
                if (path == "f") return std::string("content\n");
                return base::fail(base::ErrorCode::not_found, base::ErrorSource::internal, "no such file");
            }};
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto environment = small_environment();
    const std::string text(data, data + size);
    const auto loaded = config::load_config_text(text, environment);
    for (const config::ConfigFault& fault : loaded.faults)
        TG_CHECK(fault.line >= 0 && !fault.message.empty());
    const auto printed = config::format_faults(loaded.faults, "input");
    TG_CHECK(printed.empty() == loaded.faults.empty());
    if (loaded.faults.empty()) TG_CHECK(!loaded.config.server.listen.empty());
    return 0;
}
