// The sections of the file, one function for each; load_config.cpp calls them in order. Private to this
// layer.
#pragma once

#include "config/section.hpp"

#include <set>
#include <string>

namespace tollgate::config {

void read_server(Section section, Server& server);
void read_storage(Section section, Storage& storage);
void read_accounts(Section section, Accounts& accounts);
void read_keys(Section section, Keys& keys);
void read_billing(Section section, Billing& billing);
void read_routing(Section section, Routing& routing);
void read_usage(Section section, Usage& usage);
void read_telemetry(Section section, Telemetry& telemetry);

/// Replaces the providers if the file names any. A provider all of whose keys are expressly optional and
/// empty is left out. Returns every name that the file declares, those left out included.
std::set<std::string> read_providers(Section section, std::map<std::string, Provider>& providers);

/// The well-known providers whose key is in the environment.
std::map<std::string, Provider> providers_of_environment(const Environment& environment);

/// The names that providers_of_environment can yield.
std::set<std::string> well_known_provider_names();

/// A map of the file as a JSON object: what looks like a number becomes one.
std::string to_json(const Node& node);

/// Rules between settings. `declared` are the providers' names that routing may use.
void validate(const Config& config, const std::set<std::string>& declared, Reading& reading);

} // namespace tollgate::config
