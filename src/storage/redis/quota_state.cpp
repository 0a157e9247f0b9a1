#include "storage/redis/quota_state.hpp"

#include "tollgate/runtime/clock.hpp"

namespace tollgate::storage::redis {

runtime::Task<base::Result<void>> QuotaState::wait_for_change(base::SteadyTime deadline) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - runtime::steady_now());
    const auto limit = std::max(left, std::chrono::milliseconds(0));
    if (limit.count() > 0) {
        const auto raised =
            co_await changed.wait(worker.deadlines(), limit, base::ErrorCode::storage_unavailable);
        if (raised) co_return base::Result<void>();
    }
    co_return base::fail(base::Error{.code = base::ErrorCode::storage_unavailable,
                                     .source = base::ErrorSource::storage,
                                     .message = "budgets are being counted anew; try again in a moment",
                                     .retry_after = std::chrono::seconds(1)});
}

} // namespace tollgate::storage::redis
