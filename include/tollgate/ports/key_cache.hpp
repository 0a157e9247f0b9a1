// Key records that all nodes share, in front of the key store: for minutes, unknown keys for seconds. One per
// worker, used on its thread. It may forget anything at any time, and never brings an older record back over
// a newer one.
#pragma once

#include "tollgate/base/digest.hpp"
#include "tollgate/domain/key.hpp"
#include "tollgate/runtime/task.hpp"

#include <optional>

namespace tollgate::ports {

/// What the store said of a secret; an absent record: there is no such key.
struct CachedRecord {
    std::optional<domain::KeyRecord> record{};
};

class KeyCache {
public:
    virtual ~KeyCache() = default;

    /// Nothing: not there, or the cache cannot be asked.
    virtual runtime::Task<std::optional<CachedRecord>> find(base::Digest secret) = 0;

    /// What the store said just now. Never waits.
    virtual void fill(const base::Digest& secret, const CachedRecord& found) noexcept = 0;

    /// What the store says after a change: in the place of whatever is older, on every node. False: part of
    /// the cache cannot be reached, and may hold the older one.
    virtual runtime::Task<bool> replace(base::Digest secret, CachedRecord found) = 0;
};

} // namespace tollgate::ports
