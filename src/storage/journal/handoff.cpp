#include "storage/journal/handoff.hpp"

#include <algorithm>
#include <utility>

namespace tollgate::storage::journal {

namespace {

void clear(Call& call) noexcept {
    call.note.clear();
    call.open.reset();
    call.event.reset();
    call.last_checkpoint.reset();
    call.notice = nullptr;
    call.is_begun = false;
    call.is_open = false;
    call.ends_now = false;
    call.checkpoint_is_pushed.store(false, std::memory_order_relaxed);
}

} // namespace

Call* CallPool::take() noexcept {
    try {
        const std::scoped_lock lock(mutex_);
        if (!idle_.empty()) {
            Call* call = idle_.back();
            idle_.pop_back();
            return call;
        }
        if (calls_.size() >= limit_) return nullptr;
        // Room to come back is made here, so that giving back cannot fail.
        if (idle_.capacity() <= calls_.size()) idle_.reserve(std::min(limit_, 2 * calls_.size() + 64));
        Call& call = calls_.emplace_back();
        if (notes_ != nullptr) call.note = notes_->add();
        return &call;
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}

void CallPool::give_back(Call& call) noexcept {
    Call* const calls[] = {&call};
    give_back(calls);
}

void CallPool::give_back(std::span<Call* const> calls) noexcept {
    for (Call* call : calls) clear(*call);
    const std::scoped_lock lock(mutex_);
    idle_.insert(idle_.end(), calls.begin(), calls.end());
}

std::size_t CallPool::in_use() const {
    const std::scoped_lock lock(mutex_);
    return calls_.size() - idle_.size();
}

void StepQueue::push(Step& step) noexcept {
    pushed_count_.fetch_add(1, std::memory_order_relaxed);
    const bool is_awaited = step.kind == StepKind::begin && step.call->notice != nullptr;
    // Before the step itself: once the writer has the step, it is the writer's.
    const bool is_first_awaited = is_awaited && !is_awaited_.exchange(true, std::memory_order_relaxed);
    Step* newest = newest_.load(std::memory_order_relaxed);
    do {
        step.next = newest;
    } while (
        !newest_.compare_exchange_weak(newest, &step, std::memory_order_release, std::memory_order_relaxed));
    // Otherwise whoever pushed the one before has woken the writer.
    if (newest == nullptr || is_first_awaited) wake();
}

void StepQueue::wake() noexcept {
    {
        // Taken and let go, so that the writer is either before its check or already asleep.
        const std::scoped_lock lock(mutex_);
    }
    pushed_.notify_one();
}

bool StepQueue::wait(std::stop_token stop, std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    return pushed_.wait_for(lock, std::move(stop), limit,
                            [this] { return newest_.load(std::memory_order_relaxed) != nullptr; });
}

void StepQueue::gather(std::stop_token stop, std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    pushed_.wait_for(lock, std::move(stop), time, [this] { return is_awaited(); });
}

void StepQueue::linger(std::stop_token stop, std::chrono::microseconds time) {
    std::unique_lock lock(mutex_);
    pushed_.wait_for(lock, std::move(stop), time, [] { return false; });
}

std::vector<Step*> StepQueue::take() {
    std::vector<Step*> steps;
    is_awaited_.store(false, std::memory_order_relaxed);
    Step* step = newest_.exchange(nullptr, std::memory_order_acquire);
    for (; step != nullptr; step = step->next) steps.push_back(step);
    std::ranges::reverse(steps);
    return steps;
}

void DeliveryQueue::push(Delivery delivery) {
    {
        const std::scoped_lock lock(mutex_);
        const bool was_empty = waiting_.empty();
        untaken_ += delivery.size();
        unfinished_ += delivery.size();
        waiting_.push_back(std::move(delivery));
        if (!was_empty) return;
    }
    changed_.notify_all();
}

std::vector<Delivery> DeliveryQueue::take(std::stop_token stop, std::size_t most,
                                          std::chrono::milliseconds gather) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, stop, [this] { return !waiting_.empty(); });
    // After a stop everything is there already: nothing more is coming that would be worth the wait.
    if (!stop.stop_requested() && untaken_ < most) {
        changed_.wait_for(lock, stop, gather, [] { return false; });
    }
    std::vector<Delivery> taken;
    for (std::size_t count = 0; count < most && !waiting_.empty(); waiting_.pop_front()) {
        count += waiting_.front().size();
        untaken_ -= waiting_.front().size();
        taken.push_back(std::move(waiting_.front()));
    }
    return taken;
}

std::size_t DeliveryQueue::size() const {
    const std::scoped_lock lock(mutex_);
    return unfinished_;
}

void DeliveryQueue::finish(std::size_t count) {
    const std::scoped_lock lock(mutex_);
    unfinished_ -= count;
}

void DeliveryQueue::pause(std::stop_token stop, std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::move(stop), time, [] { return false; });
}

void SyncQueue::push(std::shared_ptr<SegmentFile> file) {
    {
        const std::scoped_lock lock(mutex_);
        file_ = std::move(file);
    }
    pushed_.notify_one();
}

std::shared_ptr<SegmentFile> SyncQueue::take(std::stop_token stop, std::chrono::milliseconds delay) {
    std::unique_lock lock(mutex_);
    if (!pushed_.wait(lock, stop, [this] { return file_ != nullptr; })) return nullptr;
    pushed_.wait_for(lock, std::move(stop), delay, [] { return false; });
    return std::move(file_);
}

void SyncQueue::report(Fault fault) {
    const std::scoped_lock lock(mutex_);
    fault_ = std::move(fault);
}

std::optional<SyncQueue::Fault> SyncQueue::take_fault() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(fault_, std::nullopt);
}

void StatusBoard::writable() {
    const std::scoped_lock lock(mutex_);
    disk_problem_.clear();
    is_writable_.store(true, std::memory_order_relaxed);
}

void StatusBoard::unwritable(const base::Error& error) {
    const std::scoped_lock lock(mutex_);
    disk_problem_ = error.message;
    is_writable_.store(false, std::memory_order_relaxed);
}

void StatusBoard::ledger_reached() {
    const std::scoped_lock lock(mutex_);
    ledger_problem_.clear();
}

void StatusBoard::ledger_missed(const base::Error& error) {
    const std::scoped_lock lock(mutex_);
    ledger_problem_ = error.message;
}

void StatusBoard::spilled(int change) {
    const std::scoped_lock lock(mutex_);
    status_.spilled = static_cast<std::size_t>(static_cast<int>(status_.spilled) + change);
}

void StatusBoard::refused(std::size_t more) {
    const std::scoped_lock lock(mutex_);
    status_.refused += more;
}

JournalStatus StatusBoard::read() const {
    const std::scoped_lock lock(mutex_);
    JournalStatus status = status_;
    status.is_writable = is_writable_.load(std::memory_order_relaxed);
    status.is_ledger_reachable = ledger_problem_.empty();
    status.problem = disk_problem_.empty() ? ledger_problem_ : disk_problem_;
    return status;
}

} // namespace tollgate::storage::journal
