// The writer's work with a disk that fails at any operation: nothing acknowledged is lost, nothing is counted
// twice.
#include "storage/journal/record.hpp"
#include "storage/journal/scribe.hpp"

#include "storage/journal/recovery.hpp"
#include "unit/storage_journal/memory_files.hpp"
#include "unit/storage_journal/memory_ledger.hpp"
#include "unit/storage_journal/samples.hpp"

#include <gtest/gtest.h>

#include <set>
#include <utility>

namespace tollgate::storage::journal {

using namespace tollgate::testing;

namespace {

class CountingNotice final : public WriteNotice {
public:
    void told(WriteOutcome outcome) noexcept override {
        ++(outcome == WriteOutcome::written ? written : failed);
    }
    int written = 0;
    int failed = 0;
};

/// A scribe with its surroundings; the test is worker, flusher and crash in one thread.
class Desk {
public:
    explicit Desk(const JournalSettings& settings) : settings_(settings), pool_(settings.calls) {}

    Call& begin(const std::string& id) {
        Call& call = *pool_.take();
        call.open = std::make_unique<domain::OpenRecord>(sample_open(id));
        call.notice = &notices_[id];
        add(call, call.begin_step, StepKind::begin);
        return call;
    }
    void checkpoint(Call& call, std::int64_t micros) {
        call.pushed_checkpoint = sample_checkpoint(call.open->request_id.text(), micros);
        call.checkpoint_is_pushed = true;
        add(call, call.checkpoint_step, StepKind::checkpoint);
    }
    void close(Call& call, std::int64_t micros) {
        call.event = std::make_unique<domain::UsageEvent>(sample_event(call.open->request_id.text(), micros));
        add(call, call.end_step, StepKind::close);
    }
    void withdraw(Call& call) { add(call, call.end_step, StepKind::withdraw); }
    void abandon(Call& call) { add(call, call.end_step, StepKind::abandon); }

    void write() { scribe_.write(std::exchange(steps_, {})); }

    /// What the flusher does, except that it never fails.
    void deliver() {
        LedgerFeed feed(ledger_, files_, nullptr);
        while (deliveries_.size() > 0) {
            for (const Delivery& each : deliveries_.take({}, 100, std::chrono::milliseconds(0))) {
                std::string_view events = each.events;
                for (std::size_t index = 0; index < each.calls; ++index) {
                    const domain::UsageEvent event = copy_of(take_event(events).value());
                    ASSERT_TRUE(feed.append(std::span(&event, 1)).has_value());
                    closed_.insert(event.request_id.text());
                }
                EXPECT_TRUE(events.empty());
                if (each.calls == 0) {
                    const auto name = file_name(each.segment, segment_suffix);
                    if (each.is_spilled) {
                        ASSERT_TRUE(feed_segment(files_.contents()[name].bytes, feed, 10).has_value());
                    }
                    files_.contents().erase(name);
                }
                deliveries_.finish(each.size());
            }
        }
    }

    /// The ledger as the next start would make it from what is left in `files`.
    std::map<std::string, domain::UsageEvent> recovered(std::unique_ptr<MemoryFiles> left) {
        MemoryLedger ledger;
        for (const auto& [id, event] : ledger_.events())
            EXPECT_TRUE(ledger.append(std::span(&event, 1)).has_value());
        LedgerFeed feed(ledger, *left, nullptr);
        EXPECT_TRUE(
            recover(*left, feed, RecoveryRules{.batch = settings_.batch, .now = test_now()}).has_value());
        return ledger.events();
    }

    MemoryFiles& files() { return files_; }
    MemoryLedger& ledger() { return ledger_; }
    Scribe& scribe() { return scribe_; }
    StatusBoard& status() { return status_; }
    CallPool& pool() { return pool_; }
    DeliveryQueue& deliveries() { return deliveries_; }
    CountingNotice& notice(const std::string& id) { return notices_[id]; }
    std::size_t segments() { return files_.contents().size(); }

private:
    void add(Call& call, Step& step, StepKind kind) {
        step.call = &call;
        step.kind = kind;
        steps_.push_back(&step);
    }

    JournalSettings settings_;
    MemoryFiles files_;
    MemoryLedger ledger_;
    CallPool pool_;
    DeliveryQueue deliveries_;
    StatusBoard status_;
    std::map<std::string, CountingNotice> notices_;
    std::set<std::string> closed_;
    std::vector<Step*> steps_;
    Scribe scribe_{
        {.files = files_, .pool = pool_, .deliveries = deliveries_, .status = status_}, settings_, 1};
};

/// Twelve calls of every fate over several segments. `step` is called after each write.
template <class Look>
void run_day(Desk& desk, const Look& look) {
    std::vector<Call*> calls;
    for (int number = 0; number < 12; ++number) calls.push_back(&desk.begin("req_" + std::to_string(number)));
    desk.write();
    look();
    for (int number = 0; number < 6; ++number) desk.checkpoint(*calls[static_cast<std::size_t>(number)], 50);
    desk.write();
    look();
    desk.close(*calls[0], 10);
    desk.close(*calls[6], 16);
    desk.write();
    look();
    desk.withdraw(*calls[7]);
    desk.abandon(*calls[1]);
    desk.abandon(*calls[8]);
    desk.write();
    look();
    for (int number = 2; number < 5; ++number)
        desk.close(*calls[static_cast<std::size_t>(number)], 10 + number);
    desk.write();
    look();
}

std::int64_t cost(const std::map<std::string, domain::UsageEvent>& events, const std::string& id) {
    const auto found = events.find(id);
    return found == events.end() ? -1 : found->second.cost.micros();
}

JournalSettings small_segments() {
    auto settings = sample_settings();
    settings.segment_size = 2500;
    return settings;
}

} // namespace

TEST(Scribe, ChargesEveryCallByItsFate) {
    Desk desk(small_segments());
    run_day(desk, [&desk] { desk.deliver(); });
    const auto books = desk.recovered(desk.files().after_kill());
    EXPECT_EQ(books.size(), 11U);
    EXPECT_EQ(cost(books, "req_0"), 10);
    EXPECT_EQ(cost(books, "req_1"), 50) << "abandoned after a checkpoint";
    EXPECT_EQ(cost(books, "req_5"), 50) << "the process died after a checkpoint";
    EXPECT_EQ(cost(books, "req_7"), -1) << "withdrawn";
    EXPECT_EQ(cost(books, "req_8"), 1000) << "abandoned";
    EXPECT_EQ(cost(books, "req_9"), 1000) << "the process died";
    EXPECT_EQ(books.at("req_9").usage.source, domain::UsageSource::interrupted);
    EXPECT_EQ(desk.pool().in_use(), 4U);
}

TEST(Scribe, TakesOpenCallsAlongIntoTheNextSegmentAndFreesTheOldOnes) {
    Desk desk(small_segments());
    Call& patient = desk.begin("req_patient");
    desk.checkpoint(patient, 77);
    desk.write();
    for (int number = 0; number < 100; ++number) {
        Call& call = desk.begin("req_" + std::to_string(number));
        desk.close(call, 5);
        desk.write();
        desk.deliver();
        EXPECT_EQ(desk.segments(), 1U);
    }
    EXPECT_EQ(cost(desk.recovered(desk.files().after_kill()), "req_patient"), 77);
    desk.close(patient, 99);
    desk.write();
    desk.scribe().finish();
    desk.deliver();
    EXPECT_EQ(desk.segments(), 0U);
    EXPECT_EQ(desk.ledger().events().size(), 101U);
    EXPECT_EQ(desk.pool().in_use(), 0U);
}

TEST(Scribe, LosesNothingAcknowledgedAndDoublesNothingWhicheverOperationsFail) {
    Desk calm(small_segments());
    run_day(calm, [&calm] { calm.deliver(); });
    const std::size_t operations = calm.files().operations();
    for (const std::size_t faults : {std::size_t{1}, std::size_t{2}, std::size_t{5}, std::size_t{30}}) {
        for (std::size_t first = 0; first < operations; ++first) {
            Desk desk(small_segments());
            desk.files().fail_at(first, faults);
            std::map<std::string, std::int64_t> closed_before;
            const auto look = [&] {
                desk.deliver();
                auto left = desk.files().after_kill();
                const auto books = desk.recovered(std::move(left));
                for (int number = 0; number < 12; ++number) {
                    const std::string id = "req_" + std::to_string(number);
                    const bool is_withdrawn = number == 7;
                    if (desk.notice(id).written == 0 || is_withdrawn) continue;
                    EXPECT_NE(cost(books, id), -1) << id << " fault " << first << "+" << faults;
                }
                for (const auto& [id, event] : desk.ledger().events()) {
                    EXPECT_EQ(cost(books, id), event.cost.micros());
                }
            };
            run_day(desk, look);
            desk.files().heal();
            desk.scribe().retry();
            desk.deliver();
            EXPECT_FALSE(desk.scribe().has_pending());
            EXPECT_TRUE(desk.status().is_writable());
            const auto books = desk.recovered(desk.files().after_kill());
            for (const auto& [id, expected] :
                 {std::pair("req_0", 10), std::pair("req_1", 50), std::pair("req_2", 12),
                  std::pair("req_6", 16), std::pair("req_8", 1000)}) {
                EXPECT_EQ(cost(books, id), expected) << id << " fault " << first << "+" << faults;
            }
            EXPECT_EQ(cost(books, "req_7"), -1) << "fault " << first << "+" << faults;
            EXPECT_EQ(desk.pool().in_use(), 4U);
        }
    }
}

TEST(Scribe, SyncedToEachRecordLosesNothingAcknowledgedInAPowerCut) {
    auto settings = small_segments();
    settings.sync = JournalSync::each;
    Desk calm(settings);
    run_day(calm, [&calm] { calm.deliver(); });
    for (std::size_t first = 0; first < calm.files().operations(); ++first) {
        Desk desk(settings);
        desk.files().fail_at(first, 3);
        run_day(desk, [&desk, first] {
            desk.deliver();
            const auto books = desk.recovered(desk.files().after_power_cut());
            for (int number = 0; number < 12; ++number) {
                const std::string id = "req_" + std::to_string(number);
                if (desk.notice(id).written == 0 || number == 7) continue;
                EXPECT_NE(cost(books, id), -1) << id << " fault " << first;
            }
        });
    }
}

TEST(Scribe, TellsEachCallThatBeginsOnceWhetherItIsWritten) {
    Desk desk(sample_settings());
    desk.begin("req_1");
    desk.write();
    EXPECT_EQ(desk.notice("req_1").written, 1);
    desk.files().fail_at(0, 1'000'000);
    Call& refused = desk.begin("req_2");
    desk.write();
    desk.scribe().retry();
    EXPECT_EQ(desk.notice("req_2").failed, 1);
    EXPECT_EQ(desk.notice("req_2").written, 0);
    EXPECT_FALSE(desk.status().is_writable());
    EXPECT_EQ(desk.status().read().problem, "the disk says no");
    desk.withdraw(refused);
    desk.write();
    desk.files().heal();
    desk.scribe().retry();
    EXPECT_TRUE(desk.status().is_writable());
    EXPECT_EQ(desk.status().read().problem, "");
    const auto books = desk.recovered(desk.files().after_kill());
    EXPECT_EQ(books.size(), 1U);
    EXPECT_TRUE(books.contains("req_1"));
}

TEST(Scribe, WritesOnWhenWritesAreShort) {
    Desk desk(small_segments());
    desk.files().write_at_most(3);
    run_day(desk, [&desk] { desk.deliver(); });
    EXPECT_EQ(desk.recovered(desk.files().after_kill()).size(), 11U);
}

TEST(Scribe, BeginsAnotherSegmentWhenTheSyncOfThisOneFailed) {
    Desk desk(sample_settings());
    desk.begin("req_1");
    desk.write();
    const auto broken = desk.scribe().file();
    desk.scribe().sync_failed(broken, base::Error{.message = "bad block"});
    EXPECT_NE(desk.scribe().file(), broken);
    EXPECT_TRUE(desk.status().is_writable());
    desk.deliver();
    EXPECT_EQ(desk.segments(), 1U);
    EXPECT_TRUE(desk.recovered(desk.files().after_power_cut()).contains("req_1"));
    const auto current = desk.scribe().file();
    desk.scribe().sync_failed(broken, base::Error{.message = "bad block"});
    EXPECT_EQ(desk.scribe().file(), current) << "an old file's fault is old news";
}

TEST(Scribe, HalfASegmentThatCannotBeRemovedDoesNotOutliveHowItsCallsEnded) {
    Desk desk(small_segments());
    Call& refused = desk.begin("req_refused");
    desk.write();
    const auto fill = [&desk](const std::string& id) {
        for (int number = 0; number < 30; ++number) desk.close(desk.begin(id + std::to_string(number)), 5);
    };
    fill("a");
    // Of the next segment's start half is written, and it cannot be removed either.
    desk.files().fail_at(desk.files().operations() + 1, 2);
    desk.write();
    desk.files().heal();
    desk.withdraw(refused);
    desk.write();
    fill("b");
    desk.write();
    desk.deliver();
    EXPECT_FALSE(desk.recovered(desk.files().after_kill()).contains("req_refused"));
}

TEST(Scribe, LeavesEndedCallsInTheFileWhenTheLedgerIsFarBehind) {
    auto settings = small_segments();
    settings.calls = 8;
    Desk desk(settings);
    for (int number = 0; number < 40; ++number) {
        Call& call = desk.begin("req_" + std::to_string(number));
        desk.close(call, number);
        desk.write();
    }
    EXPECT_EQ(desk.pool().in_use(), 0U);
    EXPECT_LE(desk.deliveries().size(), 8U) << "half as many calls as there are slots, and segments";
    EXPECT_GT(desk.status().read().spilled, 0U);
    EXPECT_EQ(desk.recovered(desk.files().after_kill()).size(), 40U);
    desk.deliver();
    desk.scribe().retry();
    desk.deliver();
    EXPECT_EQ(desk.ledger().events().size(), 40U);
    EXPECT_EQ(desk.segments(), 1U);
}

TEST(Scribe, DoesNotWriteHowACallBeganThatHasEndedMeanwhile) {
    Desk desk(sample_settings());
    desk.begin("req_first");
    desk.write();
    const auto written = [&desk] { return desk.files().contents().begin()->second.bytes.size(); };
    std::string event;
    append_record(event, sample_event("req_1", 5));
    const std::size_t before = written();
    desk.close(desk.begin("req_1"), 5);
    desk.write();
    EXPECT_EQ(written(), before + event.size());
    EXPECT_EQ(desk.notice("req_1").written, 1);
    EXPECT_EQ(cost(desk.recovered(desk.files().after_kill()), "req_1"), 5);
    desk.withdraw(desk.begin("req_2"));
    desk.write();
    EXPECT_EQ(desk.notice("req_2").written, 1);
    EXPECT_FALSE(desk.recovered(desk.files().after_kill()).contains("req_2"));
    EXPECT_EQ(desk.pool().in_use(), 1U);
}

TEST(Scribe, GivesTheLedgerAtTheEndWhatNoFileTook) {
    Desk desk(sample_settings());
    Call& call = desk.begin("req_1");
    desk.write();
    desk.files().fail_at(0, 1'000'000);
    desk.close(call, 5);
    desk.write();
    desk.scribe().finish();
    desk.files().heal();
    desk.deliver();
    EXPECT_EQ(cost(desk.ledger().events(), "req_1"), 5);
    EXPECT_EQ(cost(desk.recovered(desk.files().after_kill()), "req_1"), 5);
}

} // namespace tollgate::storage::journal
