// A self-signed certificate of a test's own, as PEM files.
#pragma once

#include <filesystem>
#include <string>

namespace tollgate::testing {

struct Certificate {
    std::string chain_file{};
    std::string key_file{};
};

/// For one name, as subjectAltName says it: "IP:127.0.0.1" or "DNS:example.org". Good for an hour.
Certificate make_certificate(const std::filesystem::path& folder, const std::string& alternative_name);

} // namespace tollgate::testing
