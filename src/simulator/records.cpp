#include "simulator/records.hpp"

namespace tollgate::simulator {

namespace {

std::size_t weight_of(const Record& record) {
    std::size_t bytes = sizeof(Record) + record.method.size() + record.target.size() + record.body.size();
    for (const auto& [name, value] : record.headers)
        bytes += 2 * sizeof(std::string) + name.size() + value.size();
    return bytes;
}

void add(Totals& totals, const Ending& ending) {
    ++totals.ended;
    if (ending.completed) ++totals.completed;
    if (ending.client_left_ms) ++totals.client_left;
    totals.tokens.prompt += ending.counts.prompt;
    totals.tokens.completion += ending.counts.completion;
    totals.tokens.cached += ending.counts.cached;
    totals.tokens.cache_write += ending.counts.cache_write;
    totals.tokens.reasoning += ending.counts.reasoning;
}

} // namespace

Records::Records(const Settings& settings)
    : recording_(settings.recording),
      most_records_(settings.record_count),
      most_bytes_(settings.record_bytes) {}

std::uint64_t Records::open(Record record) {
    const std::scoped_lock lock(mutex_);
    ++totals_.received;
    record.sequence = ++last_sequence_;
    if (recording_ == Recording::off) return last_sequence_;
    bytes_ += weight_of(record);
    kept_.push_back(std::move(record));
    while (kept_.size() > most_records_ || (bytes_ > most_bytes_ && kept_.size() > 1)) drop_oldest();
    return last_sequence_;
}

void Records::close(std::uint64_t sequence, Ending ending) {
    const std::scoped_lock lock(mutex_);
    if (sequence <= cleared_up_to_) return;
    add(totals_, ending);
    if (kept_.empty() || sequence < kept_.front().sequence) return;
    Record& record = kept_[sequence - kept_.front().sequence];
    record.open = false;
    record.ending = std::move(ending);
}

void Records::drop_oldest() {
    bytes_ -= weight_of(kept_.front());
    kept_.pop_front();
}

std::vector<Record> Records::find(const RecordFilter& filter) const {
    const std::scoped_lock lock(mutex_);
    std::vector<Record> found;
    for (const Record& record : kept_) {
        if (record.sequence <= filter.since || (!filter.tag.empty() && record.tag != filter.tag)) continue;
        if (found.size() == filter.most) break;
        found.push_back(record);
    }
    return found;
}

Totals Records::totals() const {
    const std::scoped_lock lock(mutex_);
    return totals_;
}

Totals Records::totals_of(const std::string& tag) const {
    const std::scoped_lock lock(mutex_);
    Totals totals;
    for (const Record& record : kept_) {
        if (record.tag != tag) continue;
        ++totals.received;
        if (!record.open) add(totals, record.ending);
    }
    return totals;
}

void Records::clear() {
    const std::scoped_lock lock(mutex_);
    kept_.clear();
    bytes_ = 0;
    totals_ = {};
    cleared_up_to_ = last_sequence_;
}

} // namespace tollgate::simulator
