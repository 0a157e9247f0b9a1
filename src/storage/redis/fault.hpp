// What an error reply means for us. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tollgate::storage::redis {

enum class Fault {
    no_script, // NOSCRIPT: say it again with the script's text
    down,      // LOADING, MASTERDOWN, CLUSTERDOWN, BUSY: as good as not there; heals by itself
    sick,      // OOM, MISCONF, NOREPLICAS: the same, but somebody must look at it
    demoted,   // READONLY: no longer the master
    refused,   // NOAUTH, WRONGPASS, NOPERM: the configuration is wrong
    moved,     // MOVED, ASK: another server of the cluster has it
    other,     // a defect of ours, or a version that we do not know
};

Fault judge(std::string_view error);

/// "MOVED 3999 127.0.0.1:6381": where to. Nothing for another error.
struct Redirection {
    bool is_lasting = false; // MOVED; else ASK: this once
    std::uint16_t slot = 0;
    std::string host{}; // empty: the host that answered
    std::uint16_t port = 0;
};
std::optional<Redirection> find_redirection(std::string_view error);

} // namespace tollgate::storage::redis
