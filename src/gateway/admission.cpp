#include "gateway/admission.hpp"

#include "tollgate/runtime/clock.hpp"
#include "tollgate/runtime/own_frame.hpp"
#include "tollgate/runtime/wakeup.hpp"

#include <boost/asio/post.hpp>

namespace tollgate::gateway {

namespace {

using base::Money;
using base::Result;

/// Wakes the worker's coroutine when the journal's thread has written its record.
class Written final : public storage::WriteNotice {
public:
    explicit Written(runtime::Loop& loop) : loop_(loop) {}

    void told(storage::WriteOutcome outcome) noexcept override {
        boost::asio::post(loop_, [this, outcome] {
            outcome_ = outcome;
            wakeup_.wake_inline();
        });
    }

    /// Cannot be called off: the journal holds a pointer to this until it has told.
    runtime::Task<> wait() { co_await wakeup_.wait(); }
    storage::WriteOutcome outcome() const { return outcome_; }

private:
    runtime::Loop& loop_;
    runtime::Wakeup wakeup_;
    storage::WriteOutcome outcome_ = storage::WriteOutcome::failed;
};

} // namespace

Admission::~Admission() {
    if (!quota_) return;
    if (!sent_) {
        if (opened_) entry_.withdraw();
        free(Money(), 0);
        return;
    }
    // The entry's own end charges the input estimate in the books; the same is counted here.
    domain::Usage usage;
    usage.input = call_.prompt_bytes / 4;
    free(route_ && !quote_.targets.empty() ? bill(0).cost(usage) : Money(), expected_tokens_);
}

void Admission::free(Money cost, std::uint64_t tokens) noexcept {
    domain::Charge charge;
    charge.id = id_;
    charge.cost = cost;
    charge.tokens = tokens;
    charge.now = runtime::steady_now();
    quota_.release()->settle(charge);
}

Bill Admission::bill(std::size_t index) const {
    Bill bill(*tariff_, quote_.targets.at(index));
    if (limited_) bill.set_ceiling(grant_.amount);
    return bill;
}

runtime::Task<> Admission::extend_to(Money wanted) {
    if (!quota_ || wanted <= grant_.amount) co_return;
    const auto added = co_await quota_->extend(id_, wanted - grant_.amount);
    if (added) grant_.amount += *added; // a store that cannot be reached sets nothing aside
}

bool Admission::try_open(const domain::OpenView& record) noexcept {
    opened_ = entry_.try_begin(record);
    return opened_;
}

TG_OWN_FRAME runtime::Task<Result<void>> Admission::open(runtime::Loop& loop, domain::OpenRecord record) {
    opened_ = true;
    Written written(loop);
    entry_.begin(std::move(record), &written);
    co_await written.wait();
    if (written.outcome() == storage::WriteOutcome::written) co_return Result<void>();
    co_return base::fail(base::Error{
        .code = base::ErrorCode::storage_unavailable,
        .source = base::ErrorSource::storage,
        .message = "the gateway cannot write its journal; no call is made that could not be charged",
        .retry_after = std::chrono::seconds(5)});
}

void Admission::checkpoint(const domain::Usage& usage, Money cost) noexcept {
    domain::Checkpoint point;
    point.request_id = id_;
    point.cost = cost;
    point.usage = usage;
    entry_.checkpoint(point);
}

void Admission::settle(const domain::UsageView& event) noexcept {
    if (!quota_) return;
    const Money cost = event.cost;
    const std::uint64_t tokens = event.usage.total_tokens();
    if (opened_) entry_.close(event);
    free(cost, tokens);
}

} // namespace tollgate::gateway
