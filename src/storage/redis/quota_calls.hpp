// What one worker has promised and not seen in the ledger yet: calls in flight, and what ended ones cost.
// From it a new epoch learns what it must know. One thread.
#pragma once

#include "tollgate/domain/quota.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace tollgate::storage::redis {

enum class CallStage { open, settling }; // granted; its end is on its way

struct OpenCall {
    CallStage stage = CallStage::open;
    base::AccountId account{};
    base::KeyId key{};
    std::vector<std::string> purses{}; // names
    std::vector<base::Money> caps{};
    base::Money granted{};
    base::Money held{};
    base::SteadyTime ends{};           // of the lease
    bool is_local = false;             // granted without Redis
    bool is_unsent = false;            // settling, and to be said again
    bool is_counted = false;           // settling, and the ledger has it already
    std::vector<base::Money> totals{}; // of the ledger, of the purses; when is_counted
    base::Money cost{};                // settling
    std::uint64_t tokens = 0;
};

/// An ended call that the ledger does not have yet.
struct SettledCall {
    base::AccountId account{};
    std::vector<std::string> purses{};
    base::Money cost{};
    std::vector<base::Money> totals{}; // of the ledger, of the purses, once it has counted the call
};

/// Totals of purses by name.
using Totals = std::map<std::string, base::Money>;

class QuotaCalls {
public:
    explicit QuotaCalls(std::size_t most_settled) : most_settled_(most_settled) {}

    OpenCall* find(const base::RequestId& id);
    OpenCall& add(const base::RequestId& id, OpenCall call);
    void erase(const base::RequestId& id) { open_.erase(id); }

    /// Its end has been told, or needs not be. What it was, if the ledger has it already.
    std::optional<SettledCall> settled(const base::RequestId& id);

    /// The ledger has it, and these totals. What it was, if Redis knows its cost already; nothing for calls
    /// of others, and when the total of one of its purses is not among them.
    std::optional<SettledCall> counted(const base::RequestId& id, const Totals& totals);

    std::unordered_map<base::RequestId, OpenCall>& open() { return open_; }

    /// What ended calls cost that the ledger does not have yet, by account and purse.
    using Sums = std::map<std::string, base::Money>;
    std::map<base::AccountId, Sums> pending() const;

    /// By purse: what this worker's calls hold, ended ones included.
    Sums holdings() const;

    /// Ended calls were forgotten because there were too many: sums in Redis stay too high until a new epoch.
    bool has_overflown() const { return forgotten_ > made_good_; }
    std::uint64_t forgotten() const { return forgotten_; }
    /// The ledger has the first `forgotten` of them.
    void make_good(std::uint64_t forgotten) { made_good_ = forgotten; }
    std::size_t open_count() const { return open_.size(); }
    std::size_t settled_count() const { return settled_.size(); }

private:
    void note_counted(const base::RequestId& id, const Totals& totals);

    std::size_t most_settled_;
    std::unordered_map<base::RequestId, OpenCall> open_;
    std::unordered_map<base::RequestId, SettledCall> settled_;
    std::uint64_t forgotten_ = 0;
    std::uint64_t made_good_ = 0;
};

} // namespace tollgate::storage::redis
