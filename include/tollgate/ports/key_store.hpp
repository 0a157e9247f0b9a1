// Where keys live. Blocking: call it from the blocking pool or from the command line, never from a worker.
// Every method may be called from any thread. Error: storage_unavailable, and what the method names.
#pragma once

#include "tollgate/base/digest.hpp"
#include "tollgate/domain/key.hpp"

#include <chrono>
#include <optional>
#include <vector>

namespace tollgate::ports {

/// One change of a key's standing, in the order of the changes.
struct KeyChange {
    std::uint64_t sequence = 0;
    base::Digest secret{};
};

/// Changes since a sequence number; `complete` is false when older ones were already dropped: forget
/// everything.
struct KeyChanges {
    std::uint64_t last_sequence = 0;
    bool complete = true;
    std::vector<KeyChange> changes{};
};

struct KeyPage {
    std::vector<domain::ApiKey> keys{};
    std::optional<base::KeyId> next{}; // where the next page begins
};

/// What a caller meets: an expired key is active in the books.
enum class KeyStanding { active, expired, disabled, revoked };

/// What a list is sorted by; keys that are equal in it go by their ids. Keys that were never used come before
/// all others in `last_used`, those that never expire behind all others in `expires`.
enum class KeySort { created, name, spend, rate_limit, requests, last_used, expires };
enum class SortDirection { down, up };

struct KeyFilter {
    std::optional<base::AccountId> account_id{};
    std::string search{}; // part of the name (ASCII without regard to case), or the beginning of the secret
    std::optional<KeyStanding> standing{};
    base::WallTime now{}; // for `standing`
    std::optional<base::KeyId> after{};
    std::size_t limit = 100;
    KeySort sort = KeySort::created;
    SortDirection direction = SortDirection::down;
};

struct Rotation {
    base::KeyId id{};
    base::Digest secret{}; // SHA-256 of the new secret
    std::string prefix{};
    std::string suffix{};
    base::WallTime now{};
    std::chrono::seconds grace{0}; // how long the old secrets stay good
};

/// What a wait for changes by others has brought.
enum class Told {
    change,  // ask changes_since
    nothing, // within the limit
    never,   // nobody tells, now or at all: wait by yourself and ask
};

class KeyStore {
public:
    virtual ~KeyStore() = default;

    /// The key that a secret with this SHA-256 opens, in whatever state; nothing if there is none.
    virtual base::Result<std::optional<domain::KeyRecord>> find_by_secret(const base::Digest& secret) = 0;
    virtual base::Result<std::optional<domain::ApiKey>> find(const base::KeyId& id) = 0;

    /// Newest first, unless the filter says otherwise. Where that changes from page to page, as spend does, a
    /// key can be met twice or not at all.
    virtual base::Result<KeyPage> list(const KeyFilter& filter) = 0;

    /// Errors: already_exists (id or secret), not_found (account).
    virtual base::Result<void> create(const domain::ApiKey& key, const base::Digest& secret) = 0;

    /// Changes what the patch names, grows the generation, answers the key as it is now. Errors: not_found,
    /// conflict (a revoked key takes no change).
    virtual base::Result<domain::ApiKey> update(const base::KeyId& id, const domain::KeyPatch& patch) = 0;

    /// A new secret for the same key. Errors: not_found, conflict (a revoked key).
    virtual base::Result<domain::ApiKey> rotate(const Rotation& rotation) = 0;

    /// What changed after `sequence`, by this or another process: secrets whose cached records are no longer
    /// good.
    virtual base::Result<KeyChanges> changes_since(std::uint64_t sequence) = 0;

    /// Waits until the database tells of a change, at most `limit`; for one thread that does nothing else. A
    /// notice can be lost: ask changes_since now and then all the same.
    virtual Told await_change(std::chrono::milliseconds limit) {
        static_cast<void>(limit);
        return Told::never;
    }
};

} // namespace tollgate::ports
