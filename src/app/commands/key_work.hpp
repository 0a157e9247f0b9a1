// What the key commands do once their options are read; key_commands.cpp binds them to the arguments.
#pragma once

#include "app/commands/commands.hpp"
#include "app/key_options.hpp"

#include <string>

namespace tollgate::app {

struct KeyCreateOptions {
    CommonOptions common{};
    std::string user{}; // empty: the local owner
    KeyOptions key{};
};

struct KeyListOptions {
    CommonOptions common{};
    std::string user{}; // empty: of every account
};

struct KeyNameOptions {
    CommonOptions common{};
    std::string key{}; // see find_key()
};

struct KeyUpdateOptions {
    KeyNameOptions named{};
    KeyOptions key{};
};

struct KeyRotateOptions {
    KeyNameOptions named{};
    std::string grace = "0";
};

/// The account that 'key create' uses on a fresh gateway when no user is named.
inline constexpr const char* local_owner = "owner@localhost";

base::Result<void> create_key(const KeyCreateOptions& options, Terminal& terminal);
base::Result<void> list_all_keys(const KeyListOptions& options, Terminal& terminal);
base::Result<void> show_key(const KeyNameOptions& options, Terminal& terminal);
base::Result<void> update_key(const KeyUpdateOptions& options, Terminal& terminal);
base::Result<void> rotate_key(const KeyRotateOptions& options, Terminal& terminal);
base::Result<void> revoke_key(const KeyNameOptions& options, Terminal& terminal);
base::Result<void> disable_key(const KeyNameOptions& options, Terminal& terminal);
base::Result<void> enable_key(const KeyNameOptions& options, Terminal& terminal);

} // namespace tollgate::app
