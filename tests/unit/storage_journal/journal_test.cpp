// The journal with its threads, on real files.
#include "tollgate/storage/journal.hpp"

#include "support/temporary_directory.hpp"
#include "unit/storage_journal/memory_ledger.hpp"
#include "unit/storage_journal/samples.hpp"

#include <csignal>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <future>
#include <thread>

namespace tollgate::storage {

using namespace tollgate::testing;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 20s;

class FutureNotice final : public WriteNotice {
public:
    void told(WriteOutcome outcome) noexcept override { promise_.set_value(outcome); }
    WriteOutcome wait() { return promise_.get_future().get(); }

private:
    std::promise<WriteOutcome> promise_;
};

class CollectingListener final : public TotalsListener {
public:
    void counted(std::span<const domain::UsageView>,
                 std::span<const domain::PurseTotal> totals) noexcept override {
        calls += totals.size();
    }
    std::atomic<std::size_t> calls{0};
};

class JournalTest : public ::testing::Test {
protected:
    JournalSettings settings() {
        auto settings = sample_settings();
        settings.directory = directory_.path() / "journal";
        return settings;
    }
    std::unique_ptr<Journal> open(const JournalSettings& settings) {
        auto opened = Journal::open(settings, ledger_);
        EXPECT_TRUE(opened.has_value()) << opened.error().message;
        return opened ? std::move(*opened) : nullptr;
    }
    std::unique_ptr<Journal> open() { return open(settings()); }

    static void call(Journal& journal, const std::string& id, std::int64_t micros) {
        auto entry = journal.take_slot();
        ASSERT_TRUE(entry.has_value());
        entry->begin(sample_open(id));
        entry->close(view_of(sample_event(id, micros)));
    }
    std::size_t segments() {
        std::size_t count = 0;
        for (const auto& entry : std::filesystem::directory_iterator(settings().directory)) {
            count += entry.path().extension() == ".journal" ? 1 : 0;
        }
        return count;
    }
    MemoryLedger& ledger() { return ledger_; }

private:
    TemporaryDirectory directory_;
    MemoryLedger ledger_;
};

} // namespace

TEST_F(JournalTest, CarriesEndedCallsIntoTheLedgerAndLeavesNoFileBehind) {
    CollectingListener listener;
    auto with_listener = settings();
    with_listener.listener = &listener;
    auto journal = open(with_listener);
    for (int number = 0; number < 100; ++number) {
        call(*journal, "req_" + std::to_string(number), number);
        if (number % 20 == 0) ASSERT_TRUE(journal->flush(patience));
    }
    ASSERT_TRUE(journal->flush(patience));
    EXPECT_EQ(ledger().events().size(), 100U);
    EXPECT_EQ(ledger().events().at("req_42"), sample_event("req_42", 42));
    EXPECT_GT(listener.calls, 0U);
    EXPECT_EQ(journal->status().calls, 0U);
    journal.reset();
    EXPECT_EQ(segments(), 0U);
}

TEST_F(JournalTest, GivesTheLedgerEverythingBeforeItEnds) {
    auto journal = open();
    for (int number = 0; number < 30; ++number) call(*journal, "req_" + std::to_string(number), number);
    journal.reset();
    EXPECT_EQ(ledger().events().size(), 30U);
    EXPECT_EQ(segments(), 0U);
}

TEST_F(JournalTest, ChargesACallWhoseEntryDiesUnsettled) {
    auto journal = open();
    {
        auto entry = journal->take_slot();
        entry->begin(sample_open("req_lost"));
        entry->checkpoint(sample_checkpoint("req_lost", 321));
        auto moved = std::move(*entry);
    }
    {
        auto never_begun = journal->take_slot();
    }
    ASSERT_TRUE(journal->flush(patience));
    EXPECT_EQ(ledger().events().size(), 1U);
    EXPECT_EQ(ledger().events().at("req_lost").cost.micros(), 321);
    EXPECT_EQ(journal->status().calls, 0U);
}

TEST_F(JournalTest, ForgetsAWithdrawnCall) {
    auto journal = open();
    auto entry = journal->take_slot();
    entry->begin(sample_open("req_1"));
    entry->withdraw();
    ASSERT_TRUE(journal->flush(patience));
    EXPECT_EQ(journal->status().calls, 0U);
    journal.reset();
    EXPECT_EQ(open()->recovery().interrupted, 0U);
    EXPECT_TRUE(ledger().events().empty());
}

TEST_F(JournalTest, RefusesMoreCallsThanItHasSlots) {
    auto few = settings();
    few.calls = 3;
    auto journal = open(few);
    std::vector<JournalEntry> entries;
    for (int number = 0; number < 3; ++number) entries.push_back(std::move(*journal->take_slot()));
    EXPECT_FALSE(journal->take_slot().has_value());
    entries.pop_back();
    EXPECT_TRUE(journal->take_slot().has_value());
    EXPECT_TRUE(journal->is_healthy());
}

TEST_F(JournalTest, TellsWhenARecordIsWritten) {
    for (const auto sync : {JournalSync::none, JournalSync::group, JournalSync::each}) {
        auto synced = settings();
        synced.sync = sync;
        auto journal = open(synced);
        auto entry = journal->take_slot();
        FutureNotice notice;
        entry->begin(sample_open("req_1"), &notice);
        EXPECT_EQ(notice.wait(), WriteOutcome::written);
        entry->withdraw();
    }
}

TEST_F(JournalTest, ChargesAtTheNextStartWhatWasOpenAtTheEnd) {
    auto journal = open();
    auto entry = journal->take_slot();
    FutureNotice notice;
    entry->begin(sample_open("req_open"), &notice);
    EXPECT_EQ(notice.wait(), WriteOutcome::written);
    // A copy of the directory is what a killed process would have left.
    const auto copy = settings().directory.parent_path() / "copy";
    std::filesystem::copy(settings().directory, copy);
    entry->close(view_of(sample_event("req_open", 5)));
    journal.reset();

    MemoryLedger other;
    auto moved = settings();
    moved.directory = copy;
    const auto restarted = Journal::open(moved, other);
    ASSERT_TRUE(restarted.has_value());
    EXPECT_EQ((*restarted)->recovery().interrupted, 1U);
    EXPECT_EQ(other.events().at("req_open").cost.micros(), 1000);
}

TEST_F(JournalTest, SaysThatAnotherProcessHasTheDirectory) {
    const auto journal = open();
    const auto second = Journal::open(settings(), ledger());
    ASSERT_FALSE(second.has_value());
    EXPECT_EQ(second.error().code, base::ErrorCode::storage_unavailable);
    EXPECT_NE(second.error().message.find("another process"), std::string::npos) << second.error().message;
}

TEST_F(JournalTest, OutlivesALedgerThatIsAwayForLongerThanMemoryLasts) {
    auto few = settings();
    few.calls = 16;
    few.segment_size = 4000;
    auto journal = open(few);
    ledger().is_down = true;
    for (int number = 0; number < 300; ++number) {
        auto entry = journal->take_slot();
        // All slots can be on their way to the file for a moment.
        while (!entry) {
            std::this_thread::yield();
            entry = journal->take_slot();
        }
        entry->begin(sample_open("req_" + std::to_string(number)));
        entry->close(view_of(sample_event("req_" + std::to_string(number), number)));
    }
    EXPECT_TRUE(journal->is_healthy());
    EXPECT_FALSE(journal->flush(50ms));
    EXPECT_FALSE(journal->status().is_ledger_reachable);
    EXPECT_GT(journal->status().spilled, 0U);
    ledger().is_down = false;
    while (ledger().events().size() < 300) std::this_thread::yield();
    ASSERT_TRUE(journal->flush(patience));
    EXPECT_TRUE(journal->status().is_ledger_reachable);
    journal.reset();
    EXPECT_EQ(segments(), 0U);
}

TEST_F(JournalTest, LeavesToTheNextStartWhatTheLedgerDidNotTake) {
    auto journal = open();
    ledger().is_down = true;
    call(*journal, "req_1", 7);
    journal.reset();
    EXPECT_TRUE(ledger().events().empty());
    EXPECT_FALSE(Journal::open(settings(), ledger()).has_value());
    ledger().is_down = false;
    EXPECT_EQ(open()->recovery().ended, 1U);
    EXPECT_EQ(ledger().events().at("req_1").cost.micros(), 7);
}

TEST_F(JournalTest, TakesCallsFromManyThreadsAtOnce) {
    auto many = settings();
    many.calls = 1000;
    auto journal = open(many);
    const auto work = [&journal](int thread) {
        for (int number = 0; number < 500; ++number) {
            const std::string id = "req_" + std::to_string(thread) + "_" + std::to_string(number);
            auto entry = journal->take_slot();
            while (!entry) {
                std::this_thread::yield();
                entry = journal->take_slot();
            }
            entry->begin(sample_open(id));
            for (int step = 0; step < number % 4; ++step) entry->checkpoint(sample_checkpoint(id, step));
            if (number % 5 != 0) entry->close(view_of(sample_event(id, 3)));
        }
    };
    {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 4; ++thread) threads.emplace_back(work, thread);
    }
    ASSERT_TRUE(journal->flush(patience));
    EXPECT_EQ(ledger().events().size(), 2000U);
    EXPECT_LT(ledger().batches(), 2000U);
}

TEST_F(JournalTest, NamesTheFilesThatNeedAPerson) {
    auto journal = open();
    call(*journal, "req_bad", -5);
    ASSERT_TRUE(journal->flush(patience));
    EXPECT_EQ(journal->status().refused, 1U);
    std::ofstream(settings().directory / "000000000099.damaged") << "x";
    EXPECT_EQ(journal_leftovers(settings().directory).size(), 2U);
    EXPECT_TRUE(journal_leftovers(settings().directory / "nowhere").empty());
}

namespace {

/// Begins and ends calls until it is killed; writes the number of each call to `report` once the file has it.
[[noreturn]] void write_until_killed(const JournalSettings& settings, int report) {
    MemoryLedger unreachable;
    unreachable.is_down = true;
    auto journal = Journal::open(settings, unreachable);
    if (!journal) ::_exit(1);
    for (std::uint32_t number = 0;; ++number) {
        auto entry = (*journal)->take_slot();
        if (!entry) continue;
        const std::string id = "req_" + std::to_string(number);
        domain::OpenRecord open = sample_open(id);
        const bool is_noted = number % 4 != 0 && entry->try_begin(view_of(open));
        FutureNotice notice;
        if (!is_noted) entry->begin(std::move(open), &notice);
        if (!is_noted && notice.wait() != WriteOutcome::written) ::_exit(2);
        if (::write(report, &number, sizeof number) != sizeof number) ::_exit(3);
        if (number % 3 != 0) entry->close(view_of(sample_event(id, 7)));
    }
}

} // namespace

TEST_F(JournalTest, HasEveryAcknowledgedCallAfterTheProcessWasKilled) {
    for (int round = 0; round < 5; ++round) {
        auto small = settings();
        small.segment_size = 20'000;
        int ends[2] = {-1, -1};
        ASSERT_EQ(::pipe(ends), 0);
        const pid_t child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) write_until_killed(small, ends[1]);
        ::close(ends[1]);
        std::uint32_t last = 0;
        const std::uint32_t enough = 50 + 97 * static_cast<std::uint32_t>(round);
        while (last < enough && ::read(ends[0], &last, sizeof last) == sizeof last) {
        }
        ASSERT_EQ(::kill(child, SIGKILL), 0);
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        ASSERT_TRUE(WIFSIGNALED(status)) << WEXITSTATUS(status);
        while (::read(ends[0], &last, sizeof last) == sizeof last) {
        }
        ::close(ends[0]);

        MemoryLedger books;
        const auto restarted = Journal::open(small, books);
        ASSERT_TRUE(restarted.has_value()) << restarted.error().message;
        EXPECT_EQ((*restarted)->recovery().damaged_bytes, 0U);
        const auto events = books.events();
        for (std::uint32_t number = 0; number <= last; ++number) {
            ASSERT_TRUE(events.contains("req_" + std::to_string(number))) << number << " of " << last;
        }
        EXPECT_LE(events.size(), last + 2U) << "nothing that was not called";
    }
}

} // namespace tollgate::storage
