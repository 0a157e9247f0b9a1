#include "storage/journal/notes.hpp"

#include "storage/journal/engine.hpp"
#include "storage/journal/handoff.hpp"
#include "unit/storage_journal/memory_files.hpp"
#include "unit/storage_journal/memory_ledger.hpp"
#include "unit/storage_journal/samples.hpp"

#include <gtest/gtest.h>

namespace tollgate::storage::journal {

using namespace tollgate::testing;

namespace {

class Collected final : public RecordSink {
public:
    void take(Record record) override {
        if (const auto* open = std::get_if<domain::OpenRecord>(&record))
            ids.push_back(open->request_id.text());
        if (const auto* event = std::get_if<domain::UsageEvent>(&record))
            ids.push_back(event->request_id.text() + " ended");
    }
    std::vector<std::string> ids;
};

std::string framed(const std::string& id) {
    std::string bytes;
    append_record(bytes, sample_open(id));
    return bytes;
}

std::string framed_end(const std::string& id, std::int64_t micros) {
    std::string bytes;
    append_record(bytes, sample_event(id, micros));
    return bytes;
}

std::vector<std::string> noted(MemoryFiles& files) {
    Collected collected;
    for (const auto& [name, content] : files.contents()) read_notes(content.bytes, files.boot(), collected);
    return collected.ids;
}

base::Result<Recovered> recover_into(MemoryLedger& ledger, MemoryFiles& files) {
    LedgerFeed feed(ledger, files, nullptr);
    return recover(files, feed, RecoveryRules{.batch = 10, .now = test_now()});
}

void put_segment(MemoryFiles& files, const auto&... records) {
    std::string bytes(segment_magic);
    append_record(bytes, SegmentHeader{.node = "n", .process = "p", .number = 1});
    (append_record(bytes, records), ...);
    files.contents()[file_name(1, segment_suffix)] = {.bytes = std::move(bytes)};
}

} // namespace

TEST(Notes, StandUntilTheyAreWiped) {
    MemoryFiles files;
    Notes notes(files);
    NotePlace first = notes.add();
    NotePlace second = notes.add();
    EXPECT_TRUE(first.keep_opening(framed("a")));
    EXPECT_TRUE(second.keep_opening(framed("b")));
    EXPECT_EQ(noted(files), (std::vector<std::string>{"a", "b"}));
    first.wipe();
    EXPECT_EQ(noted(files), (std::vector<std::string>{"b"}));
    EXPECT_TRUE(first.keep_opening(framed("c")));
    EXPECT_EQ(noted(files), (std::vector<std::string>{"c", "b"}));
}

TEST(Notes, HoldTheEndBesideTheOpening) {
    MemoryFiles files;
    Notes notes(files);
    NotePlace place = notes.add();
    EXPECT_TRUE(place.opening().empty());
    ASSERT_TRUE(place.keep_opening(framed("a")));
    ASSERT_TRUE(place.keep_end(framed_end("a", 7)));
    EXPECT_EQ(place.opening(), framed("a"));
    EXPECT_EQ(place.end(), framed_end("a", 7));
    EXPECT_EQ(noted(files), (std::vector<std::string>{"a", "a ended"}));
    place.wipe();
    EXPECT_TRUE(noted(files).empty());
    EXPECT_FALSE(place.opening().empty() || place.end().empty()) << "this process has not forgotten it";
    place.clear();
    EXPECT_TRUE(place.opening().empty() && place.end().empty());
}

TEST(Notes, AreCopiedWholeThoughTheirLengthIsWipedMeanwhile) {
    MemoryFiles files;
    Notes notes(files);
    NotePlace place = notes.add();
    ASSERT_TRUE(place.keep_opening(framed("a")));
    const std::string_view looked_at = place.opening();
    place.wipe();
    std::string copy;
    append_framed(copy, looked_at);
    EXPECT_EQ(copy, framed("a"));
}

TEST(Notes, GrowByFilesAndNeverShareAPlace) {
    MemoryFiles files;
    Notes notes(files);
    const std::size_t count = 2 * notes_in_a_file + 1;
    for (std::size_t number = 0; number < count; ++number)
        ASSERT_TRUE(notes.add().keep_opening(framed(std::to_string(number))));
    EXPECT_EQ(files.contents().size(), 3U);
    const auto ids = noted(files);
    ASSERT_EQ(ids.size(), count);
    for (std::size_t number = 0; number < count; ++number) EXPECT_EQ(ids[number], std::to_string(number));
}

TEST(Notes, HaveNoPlaceWhereTheDiskHasNoRoom) {
    MemoryFiles files;
    files.fail_at(0, 1);
    Notes notes(files);
    NotePlace none = notes.add();
    EXPECT_FALSE(none.keep_opening(framed("a")));
    none.wipe();
    EXPECT_TRUE(notes.add().keep_opening(framed("b"))) << "once there is room again";
}

TEST(Notes, RefuseWhatIsLargerThanAPlace) {
    MemoryFiles files;
    Notes notes(files);
    NotePlace place = notes.add();
    EXPECT_FALSE(place.keep_opening(std::string(note_size + 1, 'x')));
    EXPECT_FALSE(place.keep_opening(framed(std::string(note_size, 'x'))));
    EXPECT_TRUE(noted(files).empty());
}

TEST(Notes, AreNotReadWhenTornOrOfAnotherBootOrNoNotes) {
    MemoryFiles files;
    Notes notes(files);
    NotePlace place = notes.add();
    ASSERT_TRUE(place.keep_opening(framed("a")));
    std::string& bytes = files.contents().begin()->second.bytes;
    for (const std::size_t at : {note_size, note_size + 4, note_size + 20}) {
        bytes[at] = static_cast<char>(bytes[at] ^ 1);
        EXPECT_TRUE(noted(files).empty()) << at;
        bytes[at] = static_cast<char>(bytes[at] ^ 1);
    }
    EXPECT_EQ(noted(files).size(), 1U);
    files.boot_again();
    EXPECT_TRUE(noted(files).empty());
    Collected none;
    for (const char* odd : {"", "tollgate", "something else"}) read_notes(odd, "", none);
    EXPECT_TRUE(none.ids.empty());
}

TEST(Notes, ASlotIsWipedWhenItIsGivenBack) {
    MemoryFiles files;
    Notes notes(files);
    CallPool pool(4, &notes);
    Call* call = pool.take();
    ASSERT_TRUE(call->note.keep_opening(framed("a")));
    pool.give_back(*call);
    EXPECT_TRUE(noted(files).empty());
}

TEST(Notes, RecoveryChargesACallThatNoSegmentKnows) {
    MemoryFiles files;
    MemoryLedger ledger;
    Notes notes(files);
    ASSERT_TRUE(notes.add().keep_opening(framed("only noted")));
    ASSERT_TRUE(notes.add().keep_opening(framed("ended")));
    ASSERT_TRUE(notes.add().keep_opening(framed("metered")));
    put_segment(files, sample_open("ended"), sample_event("ended", 7), sample_open("metered"),
                sample_checkpoint("metered", 44));
    const auto recovered = recover_into(ledger, files);
    ASSERT_TRUE(recovered.has_value());
    EXPECT_EQ(recovered->report.interrupted, 2U);
    EXPECT_EQ(ledger.events().at("only noted").cost, sample_open("").input_estimate);
    EXPECT_EQ(ledger.events().at("ended").cost.micros(), 7);
    EXPECT_EQ(ledger.events().at("metered").cost.micros(), 44);
    EXPECT_TRUE(files.contents().empty());
}

TEST(Notes, RecoveryChargesANotedEndExactlyAndOnce) {
    MemoryFiles files;
    MemoryLedger ledger;
    Notes notes(files);
    const auto note = [&notes](const std::string& id) {
        NotePlace place = notes.add();
        ASSERT_TRUE(place.keep_opening(framed(id)));
        ASSERT_TRUE(place.keep_end(framed_end(id, 7)));
    };
    note("nowhere else");
    note("opened in a segment");
    note("ended there, too");
    put_segment(files, sample_open("opened in a segment"), sample_checkpoint("opened in a segment", 3),
                sample_open("ended there, too"), sample_event("ended there, too", 7));
    const auto recovered = recover_into(ledger, files);
    ASSERT_TRUE(recovered.has_value());
    EXPECT_EQ(recovered->report.interrupted, 0U);
    EXPECT_EQ(recovered->report.counted, 3U);
    ASSERT_EQ(ledger.events().size(), 3U);
    for (const auto& [id, event] : ledger.events()) EXPECT_EQ(event, sample_event(id, 7)) << id;
}

TEST(Notes, RecoveryMayFailAnywhereAndIsRepeated) {
    MemoryFiles original;
    Notes notes(original);
    ASSERT_TRUE(notes.add().keep_opening(framed("a")));
    put_segment(original, sample_open("b"));
    for (std::size_t fault = 0; fault < 10; ++fault) {
        MemoryLedger ledger;
        const auto files = original.after_kill();
        files->fail_at(fault, 1);
        static_cast<void>(recover_into(ledger, *files));
        files->heal();
        ASSERT_TRUE(recover_into(ledger, *files).has_value()) << fault;
        EXPECT_EQ(ledger.events().size(), 2U) << fault;
        EXPECT_TRUE(files->contents().empty()) << fault;
    }
}

} // namespace tollgate::storage::journal
