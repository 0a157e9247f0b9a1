#include "storage/journal/recovery.hpp"

#include "unit/storage_journal/memory_files.hpp"
#include "unit/storage_journal/memory_ledger.hpp"
#include "unit/storage_journal/samples.hpp"

#include <gtest/gtest.h>

namespace tollgate::storage::journal {

using namespace tollgate::testing;

namespace {

template <class... Fields>
std::string segment(const Fields&... fields) {
    std::string bytes(segment_magic);
    append_record(bytes, SegmentHeader{.node = "n", .process = "p", .number = 1});
    (append_record(bytes, fields), ...);
    return bytes;
}

void put(MemoryFiles& files, std::uint64_t number, std::string bytes) {
    files.contents()[file_name(number, segment_suffix)] = {.bytes = std::move(bytes)};
}

base::Result<Recovered> recover_into(MemoryLedger& ledger, MemoryFiles& files) {
    LedgerFeed feed(ledger, files, nullptr);
    return recover(files, feed, RecoveryRules{.batch = 10, .now = test_now()});
}

Withdrawal withdrawal(const std::string& id) {
    return {.request_id = base::RequestId(id)};
}

} // namespace

TEST(Recovery, FindsNothingInAnEmptyDirectory) {
    MemoryFiles files;
    MemoryLedger ledger;
    const auto recovered = recover_into(ledger, files);
    ASSERT_TRUE(recovered.has_value());
    EXPECT_EQ(recovered->next_number, 1U);
    EXPECT_EQ(recovered->report.segments, 0U);
}

TEST(Recovery, CountsEndedAndInterruptedCallsAndClearsTheDirectory) {
    MemoryFiles files;
    MemoryLedger ledger;
    put(files, 3,
        segment(sample_open("a"), sample_open("b"), sample_open("c"), sample_open("d"),
                sample_checkpoint("b", 44), sample_event("a", 7), withdrawal("d")));
    put(files, 9,
        segment(sample_open("b"), sample_checkpoint("b", 55), sample_open("c"), sample_event("c", 8)));
    files.contents()["lock"] = {};
    const auto recovered = recover_into(ledger, files);
    ASSERT_TRUE(recovered.has_value());
    EXPECT_EQ(recovered->next_number, 10U);
    EXPECT_EQ(recovered->report.ended, 2U);
    EXPECT_EQ(recovered->report.interrupted, 1U);
    EXPECT_EQ(recovered->report.counted, 3U);
    const auto books = ledger.events();
    EXPECT_EQ(books.at("a").cost.micros(), 7);
    EXPECT_EQ(books.at("b").cost.micros(), 55);
    EXPECT_EQ(books.at("b").ended_at, test_now());
    EXPECT_EQ(books.at("c").cost.micros(), 8);
    EXPECT_EQ(files.contents().size(), 1U);
}

TEST(Recovery, ChargesNothingTwiceWhenItIsItselfCutShort) {
    MemoryFiles original;
    put(original, 1, segment(sample_open("a"), sample_open("b"), sample_event("a", 7)));
    put(original, 2, segment(sample_open("b"), sample_checkpoint("b", 9)));
    for (std::size_t fault = 0; fault < 12; ++fault) {
        MemoryLedger ledger;
        auto files = original.after_kill();
        files->fail_at(fault, 1);
        static_cast<void>(recover_into(ledger, *files));
        files->heal();
        ASSERT_TRUE(recover_into(ledger, *files).has_value());
        EXPECT_EQ(ledger.events().size(), 2U) << fault;
        EXPECT_EQ(ledger.events().at("a").cost.micros(), 7) << fault;
        EXPECT_EQ(ledger.events().at("b").cost.micros(), 9) << fault;
        EXPECT_TRUE(files->contents().empty()) << fault;
    }
}

TEST(Recovery, LeavesTheFilesWhenTheLedgerIsAway) {
    MemoryFiles files;
    MemoryLedger ledger;
    put(files, 1, segment(sample_open("a"), sample_event("a", 7)));
    ledger.is_down = true;
    EXPECT_EQ(recover_into(ledger, files).error().code, base::ErrorCode::storage_unavailable);
    EXPECT_EQ(files.contents().size(), 1U);
    ledger.is_down = false;
    EXPECT_TRUE(recover_into(ledger, files).has_value());
    EXPECT_EQ(ledger.events().size(), 1U);
}

TEST(Recovery, CutsATornTailAtEveryByte) {
    const std::string whole = segment(sample_open("a"), sample_open("b"), sample_event("a", 7));
    const std::size_t event_begins = segment(sample_open("a"), sample_open("b")).size();
    const std::size_t first_begins = segment().size();
    const std::size_t second_begins = segment(sample_open("a")).size();
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        MemoryFiles files;
        MemoryLedger ledger;
        put(files, 1, whole.substr(0, size));
        const auto recovered = recover_into(ledger, files);
        ASSERT_TRUE(recovered.has_value()) << size;
        EXPECT_EQ(recovered->report.damaged_bytes, 0U) << size;
        const auto books = ledger.events();
        EXPECT_EQ(books.contains("a"), size >= second_begins) << size;
        EXPECT_EQ(books.contains("b"), size >= event_begins) << size;
        if (size > first_begins && books.contains("a")) {
            EXPECT_EQ(books.at("a").cost.micros(), size == whole.size() ? 7 : 1000) << size;
        }
        EXPECT_TRUE(files.contents().empty()) << size;
    }
}

TEST(Recovery, KeepsADamagedFileAsideAndCountsWhatIsGoodInIt) {
    MemoryFiles files;
    MemoryLedger ledger;
    std::string bytes = segment(sample_event("a", 7));
    const std::size_t middle = bytes.size();
    append_record(bytes, sample_event("b", 8));
    append_record(bytes, sample_event("c", 9));
    bytes[middle + 20] = static_cast<char>(bytes[middle + 20] ^ 1);
    put(files, 4, bytes);
    const auto recovered = recover_into(ledger, files);
    ASSERT_TRUE(recovered.has_value());
    EXPECT_GT(recovered->report.damaged_bytes, 0U);
    EXPECT_TRUE(ledger.events().contains("a"));
    EXPECT_FALSE(ledger.events().contains("b"));
    EXPECT_TRUE(ledger.events().contains("c"));
    ASSERT_EQ(files.contents().size(), 1U);
    EXPECT_EQ(files.contents().begin()->first, file_name(4, damaged_suffix));
    const auto again = recover_into(ledger, files);
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(again->report.segments, 0U);
    EXPECT_EQ(again->next_number, 5U) << "the kept file's number is not used again";
}

TEST(Recovery, RefusesAJournalOfALaterVersionBeforeChargingAnything) {
    MemoryFiles files;
    MemoryLedger ledger;
    put(files, 1, segment(sample_event("a", 7)));
    std::string later(segment_magic);
    append_record(later, SegmentHeader{.version = segment_version + 1});
    put(files, 2, later);
    EXPECT_FALSE(recover_into(ledger, files).has_value());
    EXPECT_TRUE(ledger.events().empty());
    EXPECT_EQ(files.contents().size(), 2U);
}

TEST(Recovery, KeepsAnEventThatTheLedgerCannotTakeInAFileOfItsOwn) {
    MemoryFiles files;
    MemoryLedger ledger;
    put(files, 1, segment(sample_event("a", 7), sample_event("b", -7), sample_event("c", 9)));
    const auto recovered = recover_into(ledger, files);
    ASSERT_TRUE(recovered.has_value());
    EXPECT_EQ(recovered->report.refused, 1U);
    EXPECT_EQ(ledger.events().size(), 2U);
    ASSERT_EQ(files.contents().size(), 1U);
    const auto& [name, content] = *files.contents().begin();
    EXPECT_TRUE(name.ends_with(refused_suffix));
    EXPECT_NE(content.bytes.find("key_1"), std::string::npos);
}

} // namespace tollgate::storage::journal
