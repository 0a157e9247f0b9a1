#include "gateway/key_cache.hpp"

namespace tollgate::gateway {

std::optional<CachedKey> KeyCache::find(const base::Digest& secret, base::SteadyTime now) {
    for (Entries* entries : {&found_, &unknown_}) {
        const auto position = entries->find(secret);
        if (position == entries->end()) continue;
        if (now < position->second.good_until) return position->second.key;
        entries->erase(position);
    }
    return std::nullopt;
}

void KeyCache::put(const base::Digest& secret, const CachedKey& key, std::uint64_t epoch,
                   base::SteadyTime now) {
    if (epoch != epoch_) return; // something changed while the record was being read: it may be old
    Entries& entries = key ? found_ : unknown_;
    make_room(entries, key ? rules_.found_entries : rules_.unknown_entries);
    entries[secret] = {key, now + (key ? rules_.found_time : rules_.unknown_time)};
}

void KeyCache::forget(const base::Digest& secret) {
    ++epoch_;
    found_.erase(secret);
    unknown_.erase(secret);
}

void KeyCache::forget_all() {
    ++epoch_;
    found_.clear();
    unknown_.clear();
}

void KeyCache::make_room(Entries& entries, std::size_t limit) {
    if (entries.size() < limit) return;
    // Any sixteenth: an entry that is used comes back at the price of one look-up.
    auto position = entries.begin();
    for (std::size_t gone = 0; gone <= limit / 16 && position != entries.end(); ++gone)
        position = entries.erase(position);
}

} // namespace tollgate::gateway
