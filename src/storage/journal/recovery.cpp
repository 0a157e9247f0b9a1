#include "storage/journal/recovery.hpp"

#include "storage/journal/notes.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace tollgate::storage::journal {

namespace {

struct OpenCall {
    domain::OpenRecord record{};
    std::optional<domain::Checkpoint> last{};
};

/// Calls that began and did not end, over all segments in order.
class OpenCalls final : public RecordSink {
public:
    void take(Record record) override {
        if (auto* open = std::get_if<domain::OpenRecord>(&record)) {
            // A call is repeated at the front of each segment that it lives to see.
            if (!withdrawn_.contains(open->request_id)) calls_[open->request_id].record = std::move(*open);
        } else if (auto* checkpoint = std::get_if<domain::Checkpoint>(&record)) {
            const auto found = calls_.find(checkpoint->request_id);
            if (found != calls_.end()) found->second.last = std::move(*checkpoint);
        } else if (const auto* event = std::get_if<domain::UsageEvent>(&record)) {
            calls_.erase(event->request_id);
            ++ended_;
        } else if (const auto* withdrawal = std::get_if<Withdrawal>(&record)) {
            calls_.erase(withdrawal->request_id);
            withdrawn_.insert(withdrawal->request_id);
        }
    }

    std::size_t ended() const { return ended_; }
    std::size_t unended() const { return calls_.size(); }

    std::vector<domain::UsageEvent> interrupted(base::WallTime now) const {
        std::vector<domain::UsageEvent> events;
        for (const auto& [id, call] : calls_) {
            events.push_back(domain::interrupted_event(call.record, call.last, now));
        }
        return events;
    }

private:
    std::map<base::RequestId, OpenCall> calls_;
    // A broken segment can hold a withdrawal that the next one does not know of.
    std::set<base::RequestId> withdrawn_;
    std::size_t ended_ = 0;
};

/// What the workers noted and no segment need know.
struct Noted final : RecordSink {
    void take(Record record) override {
        if (auto* open = std::get_if<domain::OpenRecord>(&record)) {
            openings.push_back(std::move(*open));
        } else if (auto* event = std::get_if<domain::UsageEvent>(&record)) {
            events.push_back(std::move(*event));
        }
    }
    std::vector<domain::OpenRecord> openings;
    std::vector<domain::UsageEvent> events;
};

struct Segment {
    std::string name{};
    std::uint64_t number = 0;
    bool is_damaged = false;
};

base::Result<void> check_version(const std::string& name, const ScanReport& scan) {
    if (scan.version <= segment_version) return {};
    return base::fail(
        base::ErrorCode::storage_unavailable, base::ErrorSource::storage,
        "journal file " + name + " has version " + std::to_string(scan.version) +
            ", which is newer than this program knows: run the version of tollgate that wrote it, or "
            "a later one");
}

class Recovery {
public:
    Recovery(Files& files, LedgerFeed& feed, const RecoveryRules& rules)
        : files_(files), feed_(feed), rules_(rules) {}

    base::Result<Recovered> run() {
        if (auto found = find_segments(); !found) return base::fail(found.error());
        if (auto read = read_all_notes(); !read) return base::fail(read.error());
        // First a look at every file, so that nothing is charged from a journal of a later version.
        for (Segment& segment : segments_) {
            if (auto looked = look_at(segment); !looked) return base::fail(looked.error());
        }
        // Behind the segments, whose open records would open these calls again.
        for (const domain::UsageEvent& event : noted_.events) open_.take(event);
        for (const Segment& segment : segments_) {
            if (auto fed = feed_ended(segment); !fed) return base::fail(fed.error());
        }
        if (auto fed = feed(noted_.events); !fed) return base::fail(fed.error());
        if (auto fed = feed_interrupted(); !fed) return base::fail(fed.error());
        if (rules_.files == ReplayedFiles::keep) return recovered_;
        for (const Segment& segment : segments_) {
            if (auto cleared = clear(segment); !cleared) return base::fail(cleared.error());
        }
        for (const std::string& name : notes_) {
            if (auto removed = files_.remove(name); !removed) return base::fail(removed.error());
        }
        if (auto synced = files_.sync_directory(); !synced) return base::fail(synced.error());
        return recovered_;
    }

private:
    base::Result<void> find_segments() {
        const auto names = files_.list();
        if (!names) return base::fail(names.error());
        for (const std::string& name : *names) {
            if (const auto damaged = number_of(name, damaged_suffix)) skip(*damaged);
            if (number_of(name, notes_suffix)) notes_.push_back(name);
            const auto number = number_of(name, segment_suffix);
            if (!number) continue;
            skip(*number);
            segments_.push_back({.name = name, .number = *number});
        }
        recovered_.report.segments = segments_.size();
        return {};
    }

    void skip(std::uint64_t number) { recovered_.next_number = std::max(recovered_.next_number, number + 1); }

    /// What began comes before the segments, which know how the calls went on.
    base::Result<void> read_all_notes() {
        const std::string boot = files_.boot();
        for (const std::string& name : notes_) {
            const auto bytes = files_.read(name);
            if (!bytes) return base::fail(bytes.error());
            read_notes(*bytes, boot, noted_);
        }
        for (domain::OpenRecord& open : noted_.openings) open_.take(std::move(open));
        return {};
    }

    base::Result<void> look_at(Segment& segment) {
        const auto bytes = files_.read(segment.name);
        if (!bytes) return base::fail(bytes.error());
        const auto scan = scan_segment(*bytes, open_);
        segment.is_damaged = scan.damaged_bytes > 0;
        recovered_.report.torn_bytes += scan.torn_bytes;
        recovered_.report.damaged_bytes += scan.damaged_bytes;
        return check_version(segment.name, scan);
    }

    base::Result<void> feed_ended(const Segment& segment) {
        const auto bytes = files_.read(segment.name);
        if (!bytes) return base::fail(bytes.error());
        return count(feed_segment(*bytes, feed_, rules_.batch));
    }

    base::Result<void> feed_interrupted() {
        const auto events = open_.interrupted(rules_.now);
        recovered_.report.ended = open_.ended();
        recovered_.report.interrupted = events.size();
        return feed(events);
    }

    base::Result<void> feed(std::span<const domain::UsageEvent> events) {
        for (std::size_t first = 0; first < events.size(); first += rules_.batch) {
            const auto size = std::min(rules_.batch, events.size() - first);
            if (auto fed = count(feed_.append(events.subspan(first, size))); !fed) return fed;
        }
        return {};
    }

    base::Result<void> count(const base::Result<FeedSummary>& fed) {
        if (!fed) return base::fail(fed.error());
        recovered_.report.counted += fed->inserted;
        recovered_.report.refused += fed->refused;
        return {};
    }

    base::Result<void> clear(const Segment& segment) {
        if (!segment.is_damaged) return files_.remove(segment.name);
        return files_.rename(segment.name, file_name(segment.number, damaged_suffix));
    }

    Files& files_;
    LedgerFeed& feed_;
    const RecoveryRules rules_;
    std::vector<Segment> segments_;
    std::vector<std::string> notes_;
    Noted noted_;
    OpenCalls open_;
    Recovered recovered_;
};

} // namespace

base::Result<Recovered> recover(Files& files, LedgerFeed& feed, const RecoveryRules& rules) {
    return Recovery(files, feed, rules).run();
}

base::Result<ReplayReport> recover_file(const std::string& name, Files& files, LedgerFeed& feed,
                                        const RecoveryRules& rules) {
    const auto bytes = files.read(name);
    if (!bytes) return base::fail(bytes.error());
    OpenCalls open;
    const auto scan = scan_segment(*bytes, open);
    if (!bytes->starts_with(segment_magic) && scan.records == 0) {
        return base::fail(base::ErrorCode::storage_unavailable, base::ErrorSource::storage,
                          name + " is no file of a journal");
    }
    if (auto checked = check_version(name, scan); !checked) return base::fail(checked.error());
    const auto fed = feed_segment(*bytes, feed, rules.batch);
    if (!fed) return base::fail(fed.error());
    ReplayReport report;
    report.found = {.segments = 1,
                    .ended = open.ended(),
                    .counted = fed->inserted,
                    .torn_bytes = scan.torn_bytes,
                    .damaged_bytes = scan.damaged_bytes,
                    .refused = fed->refused};
    report.unended = open.unended();
    return report;
}

} // namespace tollgate::storage::journal
