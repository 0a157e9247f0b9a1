// The numbers that stand in a call's row for what it shares with others: its key and account (usage_keys) and
// its kind, which is all that does not differ from call to call (usage_kinds). Owned by SqliteLedger; any
// thread.
#pragma once

#include "storage/sqlite/database.hpp"
#include "tollgate/domain/ledger_event.hpp"

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tollgate::storage::sqlite {

struct CallNumbers {
    std::int64_t key = 0;
    std::int64_t kind = 0;
};

class CallNames {
public:
    explicit CallNames(Database& database) : database_(database) {}

    /// Of each event, in order. What has no number yet is given one in a transaction of its own, so that
    /// every number that is remembered here is in the database for good. Error: storage_unavailable.
    base::Result<std::vector<CallNumbers>> numbers_of(std::span<const domain::UsageView> events);

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    using Numbers = std::unordered_map<std::string, std::int64_t, Hash, std::equal_to<>>;

    /// Nothing: something has no number yet.
    std::optional<std::vector<CallNumbers>> find(std::span<const domain::UsageView> events) const;
    base::Result<void> add(std::span<const domain::UsageView> events);

    Database& database_;
    std::mutex mutex_;
    Numbers keys_;  // guarded by mutex_
    Numbers kinds_; // guarded by mutex_
};

} // namespace tollgate::storage::sqlite
