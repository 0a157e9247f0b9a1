// What the tests of this folder share: an environment made of maps, and one-line loading.
#pragma once

#include "tollgate/config/load_config.hpp"

#include <map>
#include <string>
#include <string_view>

namespace tollgate::config::testing {

using Texts = std::map<std::string, std::string>;

inline Environment environment_of(Texts variables, Texts files = {}) {
    return {
        .variable = [variables = std::move(variables)](std::string_view name) -> std::optional<std::string> {
            const auto found = variables.find(std::string(name));
            return found == variables.end() ? std::nullopt : std::optional(found->second);
        },
        .file = [files = std::move(files)](const std::string& path) -> base::Result<std::string> {
            const auto found = files.find(path);
            if (found == files.end()) {
                return base::fail(base::ErrorCode::not_found, base::ErrorSource::internal, "no such file");
            }
            return found->second;
        }};
}

inline LoadedConfig load(std::string_view text, Texts variables = {}, Texts files = {}) {
    return load_config_text(text, environment_of(std::move(variables), std::move(files)));
}

/// All faults as text, for messages and comparisons.
inline std::string faults_of(std::string_view text, Texts variables = {}, Texts files = {}) {
    return format_faults(load(text, std::move(variables), std::move(files)).faults, "f");
}

} // namespace tollgate::config::testing
