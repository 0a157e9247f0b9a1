// Entries by name that are dropped when nobody has used them for a while: memory follows the keys in use, not
// the keys ever seen. Pointers to nodes stay good until the node is dropped. Not synchronised.
#pragma once

#include "tollgate/base/time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

namespace tollgate::storage {

template <class Entry>
class IdleMap {
public:
    /// For a use whose instant nobody named: it counts from the next sweep that comes by.
    static constexpr base::SteadyTime unknown_time{};

    struct Node {
        std::string name{};
        base::SteadyTime used = unknown_time;
        std::uint32_t pins = 0; // calls that refer to the entry; pinned, it is never dropped
        Entry entry{};
    };

    Node* find(std::string_view name) {
        const auto place = places_.find(name);
        return place == places_.end() ? nullptr : &*place->second;
    }

    /// The entry of this name, made if there is none, marked as used now.
    Node& use(std::string_view name, base::SteadyTime now) {
        if (const auto place = places_.find(name); place != places_.end()) {
            mark_used(place->second, now);
            return *place->second;
        }
        nodes_.push_back(Node{.name = std::string(name), .used = now});
        const auto node = std::prev(nodes_.end());
        places_.emplace(node->name, node);
        return *node;
    }

    void touch(const Node& node, base::SteadyTime now) { mark_used(places_.find(node.name)->second, now); }

    /// Drops idle entries, oldest first, but few at a time: every step does a little, none does much.
    void sweep(base::SteadyTime now, std::chrono::seconds idle_time) {
        constexpr int most_per_sweep = 2;
        for (int i = 0; i < most_per_sweep && !nodes_.empty(); ++i) {
            const auto oldest = nodes_.begin();
            const bool is_unknown = oldest->used == unknown_time;
            if (!is_unknown && oldest->used + idle_time > now) return;
            if (is_unknown || oldest->pins > 0 || !may_be_dropped(oldest->entry)) {
                mark_used(oldest, now);
                continue;
            }
            places_.erase(oldest->name);
            nodes_.erase(oldest);
        }
    }

    std::size_t size() const { return nodes_.size(); }

private:
    using Place = std::list<Node>::iterator;

    /// An entry may know a reason of its own to stay.
    static bool may_be_dropped(const Entry& entry) {
        if constexpr (requires { entry.may_be_dropped(); }) return entry.may_be_dropped();
        return true;
    }

    void mark_used(Place place, base::SteadyTime now) {
        place->used = now;
        nodes_.splice(nodes_.end(), nodes_, place);
    }

    std::list<Node> nodes_; // least recently used first
    std::unordered_map<std::string_view, Place> places_;
};

} // namespace tollgate::storage
