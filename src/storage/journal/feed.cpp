#include "storage/journal/feed.hpp"

#include "tollgate/base/digest.hpp"

namespace tollgate::storage::journal {

namespace {

void add(FeedSummary& sum, const FeedSummary& more) {
    sum.inserted += more.inserted;
    sum.repeated += more.repeated;
    sum.refused += more.refused;
}

class EndedCalls final : public RecordSink {
public:
    EndedCalls(LedgerFeed& feed, std::size_t batch) : feed_(feed), batch_(batch) {}

    void take(Record record) override {
        auto* event = std::get_if<domain::UsageEvent>(&record);
        if (event == nullptr || !result_) return;
        events_.push_back(std::move(*event));
        if (events_.size() >= batch_) pass_on();
    }

    base::Result<FeedSummary> finish() {
        if (result_ && !events_.empty()) pass_on();
        return result_;
    }

private:
    void pass_on() {
        const auto fed = feed_.append(events_);
        events_.clear();
        if (fed) {
            add(*result_, *fed);
        } else {
            result_ = base::fail(fed.error());
        }
    }

    LedgerFeed& feed_;
    std::size_t batch_;
    std::vector<domain::UsageEvent> events_;
    base::Result<FeedSummary> result_{FeedSummary{}};
};

} // namespace

base::Result<FeedSummary> LedgerFeed::append(std::span<const domain::UsageView> events) {
    if (events.empty()) return FeedSummary{};
    const auto appended = ledger_.append(events);
    if (appended) {
        if (listener_ != nullptr) listener_->counted(events, appended->totals);
        return FeedSummary{.inserted = appended->inserted, .repeated = appended->repeated};
    }
    if (appended.error().code != base::ErrorCode::invalid_field) return base::fail(appended.error());
    return append_in_halves(events);
}

base::Result<FeedSummary> LedgerFeed::append(std::span<const domain::UsageEvent> events) {
    std::vector<domain::UsageView> views;
    views.reserve(events.size());
    for (const domain::UsageEvent& event : events) views.push_back(view_of(event));
    return append(std::span<const domain::UsageView>(views));
}

base::Result<FeedSummary> LedgerFeed::append_in_halves(std::span<const domain::UsageView> events) {
    if (events.size() == 1) {
        if (auto kept = keep_refused(events); !kept) return base::fail(kept.error());
        return FeedSummary{.refused = 1};
    }
    const auto middle = events.size() / 2;
    auto first = append(events.first(middle));
    if (!first) return first;
    const auto second = append(events.subspan(middle));
    if (!second) return second;
    add(*first, *second);
    return first;
}

base::Result<void> LedgerFeed::keep_refused(std::span<const domain::UsageView> events) {
    std::string bytes(segment_magic);
    for (const domain::UsageView& event : events) append_record(bytes, event);
    auto file = files_.create(base::random_hex(8) + std::string(refused_suffix));
    if (!file) return base::fail(file.error());
    if (auto written = write_all(**file, bytes); !written) return written;
    if (auto synced = (*file)->sync(); !synced) return synced;
    return files_.sync_directory();
}

base::Result<FeedSummary> feed_segment(std::string_view bytes, LedgerFeed& feed, std::size_t batch) {
    EndedCalls ended(feed, batch);
    scan_segment(bytes, ended);
    return ended.finish();
}

} // namespace tollgate::storage::journal
