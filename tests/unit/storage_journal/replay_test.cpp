// The journal of a dead process, carried into the ledger by hand, on real files.
#include "storage/journal/record.hpp"
#include "support/temporary_directory.hpp"
#include "unit/storage_journal/memory_ledger.hpp"
#include "unit/storage_journal/samples.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace tollgate::storage {

using namespace tollgate::testing;

namespace {

class Replay : public ::testing::Test {
protected:
    template <class... Fields>
    void write(const std::string& name, const Fields&... fields) {
        std::string bytes(journal::segment_magic);
        journal::append_record(bytes, journal::SegmentHeader{.node = "n", .process = "p", .number = 1});
        (journal::append_record(bytes, fields), ...);
        std::ofstream(directory_.path() / name, std::ios::binary) << bytes;
    }
    base::Result<ReplayReport> replay(const std::string& name, ReplayedFiles files = ReplayedFiles::keep) {
        return replay_journal({.path = directory_.path() / name, .now = test_now(), .files = files}, ledger_);
    }
    bool exists(const std::string& name) { return std::filesystem::exists(directory_.path() / name); }
    std::filesystem::path directory() { return directory_.path(); }
    MemoryLedger& ledger() { return ledger_; }

private:
    TemporaryDirectory directory_;
    MemoryLedger ledger_;
};

constexpr const char* first = "000000000001.journal";
constexpr const char* second = "000000000002.journal";

} // namespace

TEST_F(Replay, CountsADirectoryOnceHoweverOftenItIsReplayed) {
    write(first, sample_open("a"), sample_open("b"), sample_event("a", 7));
    write(second, sample_open("b"), sample_checkpoint("b", 55));
    for (const std::size_t counted : {2U, 0U}) {
        const auto report = replay("");
        ASSERT_TRUE(report) << report.error().message;
        EXPECT_EQ(report->found.segments, 2U);
        EXPECT_EQ(report->found.ended, 1U);
        EXPECT_EQ(report->found.interrupted, 1U);
        EXPECT_EQ(report->found.counted, counted);
    }
    EXPECT_EQ(ledger().events().at("b").cost.micros(), 55);
    EXPECT_TRUE(exists(first));
    ASSERT_TRUE(replay("", ReplayedFiles::remove));
    EXPECT_FALSE(exists(first));
    EXPECT_FALSE(exists(second));
}

TEST_F(Replay, OfOneFileChargesWhatEndedInItAndLeavesTheRestToTheNext) {
    write(first, sample_open("a"), sample_open("b"), sample_event("a", 7));
    write(second, sample_open("b"), sample_event("b", 9));
    const auto report = replay(first, ReplayedFiles::remove);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->found.counted, 1U);
    EXPECT_EQ(report->unended, 1U);
    EXPECT_FALSE(ledger().events().contains("b"));
    EXPECT_TRUE(exists(first)) << "a single file is never removed: it knows calls that are not charged yet";
    EXPECT_EQ(replay(second)->found.counted, 1U);
    EXPECT_EQ(ledger().events().at("b").cost.micros(), 9);
}

TEST_F(Replay, ReadsAFileThatWasSetAside) {
    write("000000000004.damaged", sample_event("a", 7));
    EXPECT_EQ(replay("000000000004.damaged")->found.counted, 1U);
}

TEST_F(Replay, RefusesADirectoryThatALivingJournalHasLocked) {
    auto settings = sample_settings();
    settings.directory = directory() / "journal";
    const auto living = Journal::open(settings, ledger());
    ASSERT_TRUE(living);
    for (const std::string name : {"journal", "journal/000000000001.journal"}) {
        if (name != "journal") write(name, sample_event("a", 7));
        const auto report = replay(name);
        ASSERT_FALSE(report) << name;
        EXPECT_NE(report.error().message.find("another process"), std::string::npos);
    }
    EXPECT_TRUE(ledger().events().empty());
}

TEST_F(Replay, RefusesWhatIsNotThereOrNoJournal) {
    EXPECT_EQ(replay("nowhere").error().code, base::ErrorCode::not_found);
    EXPECT_FALSE(exists("nowhere"));
    std::ofstream(directory() / "letter") << "Dear ledger";
    EXPECT_NE(replay("letter").error().message.find("no file of a journal"), std::string::npos);
    write(first, sample_event("a", 7));
    ledger().is_down = true;
    EXPECT_FALSE(replay(""));
    EXPECT_TRUE(exists(first));
}

} // namespace tollgate::storage
