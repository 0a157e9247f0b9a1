// The Lua scripts of the quota store, built in from scripts/*.lua. A line "--include NAME" stands for another
// file. Made once, read by all workers.
#pragma once

#include "storage/redis/script.hpp"

#include <span>
#include <string>
#include <string_view>

namespace tollgate::storage::redis {

struct ScriptText {
    std::string_view name;
    std::string_view text;
};

/// Every file of the folder, as it is.
std::span<const ScriptText> known_scripts();

/// The file with its includes in place, without comments and indentation.
std::string script_text(std::string_view name);

struct QuotaScripts {
    Script turn{script_text("turn")};
    Script extend{script_text("extend")};
    Script open{script_text("open")};
    Script warm{script_text("warm")};
    Script confirm{script_text("confirm")};
    Script restore{script_text("restore")};
    Script learn{script_text("learn")};
    Script mark{script_text("mark")};
    Script fill{script_text("fill")};

    std::vector<const Script*> all() const;
};

const QuotaScripts& quota_scripts();

} // namespace tollgate::storage::redis
