// Who changed what, when, from where. Written once, never changed. Blocking, any thread, like KeyStore.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/base/ids.hpp"
#include "tollgate/base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tollgate::ports {

struct AuditEntry {
    std::uint64_t id = 0; // given by the store, growing
    base::WallTime at{};
    base::AccountId actor_id{}; // empty: nobody was signed in, or the command line
    std::string actor{};        // e-mail address, "command line", …
    std::string action{};       // "key.create"
    std::string target{};       // an id; empty for none
    std::string address{};      // of the client; "local" for the command line
    std::string details = "{}"; // a JSON object; never a secret
    friend bool operator==(const AuditEntry&, const AuditEntry&) = default;
};

/// An empty or absent field matches everything.
struct AuditFilter {
    base::AccountId actor_id{};
    std::string action{}; // or its beginning: "key."
    std::string target{};
    std::optional<base::WallTime> from{};  // included
    std::optional<base::WallTime> until{}; // not included
    std::optional<std::uint64_t> after{};  // `next` of the page before
    std::size_t limit = 100;               // at most 1,000
};

struct AuditPage {
    std::vector<AuditEntry> entries{}; // newest first
    std::optional<std::uint64_t> next{};
};

class AuditLog {
public:
    virtual ~AuditLog() = default;
    /// The entry's id is ignored.
    virtual base::Result<void> append(const AuditEntry& entry) = 0;
    virtual base::Result<AuditPage> list(const AuditFilter& filter) = 0;
};

} // namespace tollgate::ports
