// The mark of an epoch on each server: as long as it is there, and the server is the same and has evicted
// nothing, no counter of the epoch has gone unnoticed. One worker.
#pragma once

#include "storage/redis/quota_state.hpp"

namespace tollgate::storage::redis {

/// "7 9f3c… 0": the epoch, the server's run id, how many keys it had evicted.
std::string mark_text(std::uint64_t epoch, const ServerState& state);

/// The mark alone, which shows that the server was emptied; or what the server says of itself as well.
enum class LookDepth { mark, server };

class Marks {
public:
    explicit Marks(QuotaState& state) : state_(state) {}

    /// Marks every server as one of this epoch. Error: storage_unavailable; call again, unless the epoch is
    /// said to be over: all may be marked, and a second mark would hide what was lost in between.
    runtime::Task<base::Result<void>> set_all(std::uint64_t epoch);

    /// A connection begins: is this the server that was marked? Error: storage_unavailable.
    runtime::Task<base::Result<void>> compare(Node& node);

    /// Whether the server with this key still is what it was when it was marked; says so to the fleet if not.
    /// Error: storage_unavailable (it cannot be asked).
    runtime::Task<base::Result<bool>> is_good(std::string key);

    /// Does every server carry the mark of this epoch, and is still the one that was marked?
    runtime::Task<base::Result<bool>> are_all_marked(std::uint64_t epoch);

    /// is_good() of every server.
    runtime::Task<base::Result<bool>> are_all_good(LookDepth depth);

private:
    runtime::Task<base::Result<bool>> look(Node& node, LookDepth depth);
    bool judge_mark(const std::string& mark, const ServerState& now);
    QuotaState& state_;
};

} // namespace tollgate::storage::redis
