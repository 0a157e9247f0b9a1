// Key records by the hash of their secret, on one worker: found ones for minutes, unknown ones for seconds,
// both bounded. Changes made elsewhere arrive as forget().
#pragma once

#include "tollgate/base/digest.hpp"
#include "tollgate/base/time.hpp"
#include "tollgate/domain/key.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>

namespace tollgate::gateway {

using CachedKey = std::shared_ptr<const domain::KeyRecord>; // nullptr: there is no such key

struct KeyCacheRules {
    std::chrono::milliseconds found_time{300'000};
    std::chrono::milliseconds unknown_time{5'000};
    std::size_t found_entries = 100'000;
    std::size_t unknown_entries = 10'000; // so that guessing cannot push real keys out
};

class KeyCache {
public:
    explicit KeyCache(KeyCacheRules rules) : rules_(rules) {}

    /// What is known about this secret; nothing: look it up.
    std::optional<CachedKey> find(const base::Digest& secret, base::SteadyTime now);

    /// Begin a look-up: the number goes into put(), which ignores what was read before a later forget().
    std::uint64_t epoch() const { return epoch_; }
    void put(const base::Digest& secret, const CachedKey& key, std::uint64_t epoch, base::SteadyTime now);

    void forget(const base::Digest& secret);
    void forget_all();
    std::size_t size() const { return found_.size() + unknown_.size(); }

private:
    struct Entry {
        CachedKey key;
        base::SteadyTime good_until;
    };
    using Entries = std::unordered_map<base::Digest, Entry>;
    static void make_room(Entries& entries, std::size_t limit);

    KeyCacheRules rules_;
    Entries found_;
    Entries unknown_;
    std::uint64_t epoch_ = 0;
};

} // namespace tollgate::gateway
