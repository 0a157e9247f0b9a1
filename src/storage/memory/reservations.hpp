// The reservations in flight and their deadlines. One whose lease ended is lapsed: it holds nothing any more
// but is remembered for a while, because its call may still end and have cost money. Not synchronised.
#pragma once

#include "storage/memory/idle_map.hpp"
#include "tollgate/base/ids.hpp"
#include "tollgate/domain/purse_account.hpp"
#include "tollgate/domain/rate_window.hpp"
#include "tollgate/domain/token_window.hpp"

#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

namespace tollgate::storage {

struct KeyCounters {
    std::uint64_t generation = 0; // the highest seen
    std::uint32_t in_flight = 0;
    domain::RateWindow requests{};
    domain::TokenWindow tokens{};
};

struct AccountCounters {
    std::uint32_t in_flight = 0;
};

struct PurseCounters {
    domain::PurseAccount account{};
    base::Money cap{}; // of the last demand that named the purse
    base::Money in_ledger{};

    /// The ledger could not say what we would have forgotten: it may lag behind for as long as it is away.
    bool may_be_dropped() const { return account.spent() <= in_ledger; }
};

using KeyNode = IdleMap<KeyCounters>::Node;
using AccountNode = IdleMap<AccountCounters>::Node;
using PurseNode = IdleMap<PurseCounters>::Node;

struct Reservation {
    KeyNode* key = nullptr;
    AccountNode* account = nullptr;
    std::vector<PurseNode*> purses{};
    base::Money granted{}; // by reserve()
    base::Money held{};    // with what extend() added
    std::optional<domain::TokenWindow::Ticket> ticket{};
    bool is_lapsed = false;
};

class Reservations {
public:
    /// Nothing if there is none with this id.
    Reservation* find(const base::RequestId& id);

    /// There must be none with this id.
    void add(const base::RequestId& id, Reservation reservation, base::SteadyTime deadline);

    std::optional<Reservation> take(const base::RequestId& id);

    /// The one whose deadline passed first; nothing if none has.
    std::optional<base::RequestId> find_overdue(base::SteadyTime now) const;
    void postpone(const base::RequestId& id, base::SteadyTime deadline);

    std::size_t size() const { return entries_.size(); }

private:
    using Deadlines = std::multimap<base::SteadyTime, const base::RequestId*>;
    struct Entry {
        Reservation reservation{};
        Deadlines::iterator deadline{};
    };

    std::unordered_map<base::RequestId, Entry> entries_;
    Deadlines deadlines_; // refers to the names in entries_
};

} // namespace tollgate::storage
