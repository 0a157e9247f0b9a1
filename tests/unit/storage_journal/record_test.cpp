#include "storage/journal/record.hpp"

#include "storage/journal/checksum.hpp"
#include "storage/journal/scan.hpp"
#include "storage/journal/wire.hpp"
#include "unit/storage_journal/samples.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>

namespace tollgate::storage::journal {

using namespace tollgate::testing;

namespace {

class Collected final : public RecordSink {
public:
    std::vector<Record> records{};
    void take(Record record) override { records.push_back(std::move(record)); }
};

template <class Fields>
std::string bytes_of(const Fields& fields) {
    std::string bytes;
    append_record(bytes, fields);
    return bytes;
}

std::string sample_segment() {
    return std::string(segment_magic) + bytes_of(SegmentHeader{.node = "n", .process = "p", .number = 7}) +
           bytes_of(sample_open("req_1")) + bytes_of(sample_checkpoint("req_1", 5)) +
           bytes_of(sample_event("req_1", 9)) + bytes_of(Withdrawal{.request_id = base::RequestId("req_2")});
}

template <class Write>
std::string written(const Write& write) {
    std::string bytes(2 * longest_text, '\0');
    FieldWriter writer(bytes.data());
    write(writer);
    bytes.resize(static_cast<std::size_t>(writer.end() - bytes.data()));
    return bytes;
}

} // namespace

TEST(Checksum, IsCrc32cOfRfc3720) {
    EXPECT_EQ(checksum("123456789"), 0xE3069283U);
    EXPECT_EQ(checksum(std::string(32, '\0')), 0x8A9136AAU);
    EXPECT_EQ(checksum(std::string(32, '\xFF')), 0x62A8AB43U);
    EXPECT_EQ(checksum(""), 0U);
}

TEST(Checksum, IsTheSameWithTheProcessorsInstructionAndWithout) {
    std::mt19937 engine(5);
    std::string bytes;
    for (int size = 0; size < 200; ++size) {
        EXPECT_EQ(checksum(bytes), checksum_by_tables(bytes)) << size;
        bytes.push_back(static_cast<char>(engine()));
    }
}

TEST(Fields, ReadWhatWasWrittenOverTheWholeRange) {
    for (const std::uint64_t number : {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128},
                                       std::uint64_t{1} << 63U, std::numeric_limits<std::uint64_t>::max()}) {
        const std::string bytes = written([&](FieldWriter& out) { out.number(number); });
        FieldReader reader(bytes);
        EXPECT_EQ(reader.number(), number);
        EXPECT_TRUE(reader.is_complete());
    }
    for (const std::int64_t number :
         {std::int64_t{0}, std::int64_t{-1}, std::numeric_limits<std::int64_t>::min(),
          std::numeric_limits<std::int64_t>::max()}) {
        const std::string bytes = written([&](FieldWriter& out) { out.signed_number(number); });
        FieldReader reader(bytes);
        EXPECT_EQ(reader.signed_number(), number);
        EXPECT_TRUE(reader.is_complete());
    }
}

TEST(Fields, ReadNothingAfterAFault) {
    const std::string_view faults[] = {"", "\x80", "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02",
                                       "\xFF\xFF\xFF"};
    for (const auto bytes : faults) {
        FieldReader reader(bytes);
        EXPECT_EQ(reader.number(), 0U);
        EXPECT_EQ(reader.text(), "");
        EXPECT_FALSE(reader.is_complete());
    }
    FieldReader longer_than_there_is("\x05"
                                     "abc");
    EXPECT_EQ(longer_than_there_is.text(), "");
    EXPECT_FALSE(longer_than_there_is.is_complete());
}

TEST(Fields, CutTextThatIsTooLong) {
    const std::string bytes =
        written([&](FieldWriter& out) { out.text(std::string(longest_text + 1, 'x')); });
    FieldReader reader(bytes);
    EXPECT_EQ(reader.text(), std::string(longest_text, 'x'));
    EXPECT_TRUE(reader.is_complete());
}

TEST(Record, ReadsWhatWasWritten) {
    Collected all;
    const auto report = scan_segment(sample_segment(), all);
    EXPECT_TRUE(report.has_header);
    EXPECT_EQ(report.version, segment_version);
    EXPECT_EQ(report.records, 5U);
    EXPECT_EQ(report.torn_bytes + report.damaged_bytes, 0U);
    ASSERT_EQ(all.records.size(), 4U);
    EXPECT_EQ(std::get<domain::OpenRecord>(all.records[0]), sample_open("req_1"));
    EXPECT_EQ(std::get<domain::Checkpoint>(all.records[1]), sample_checkpoint("req_1", 5));
    EXPECT_EQ(std::get<domain::UsageEvent>(all.records[2]), sample_event("req_1", 9));
    EXPECT_EQ(std::get<Withdrawal>(all.records[3]).request_id.text(), "req_2");
}

TEST(Record, ReadsAnEventWithoutTheOptionalFields) {
    auto event = sample_event("req_1", INT64_MAX);
    event.first_byte.reset();
    event.cost = base::Money::of_micros(-5);
    const auto read = read_record(bytes_of(event));
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(std::get<domain::UsageEvent>(read->record), event);
}

TEST(Record, OfTheLongestTextsStaysWithinItsBound) {
    auto event = sample_event(std::string(5000, 'r'), 1);
    for (auto* text :
         {&event.client_request_id, &event.endpoint, &event.model, &event.provider, &event.upstream_model,
          &event.outcome, &event.currency, &event.usd_rate, &event.price_version, &event.node}) {
        text->assign(5000, 'x');
    }
    EXPECT_LT(bytes_of(event).size(), largest_record);
    EXPECT_TRUE(read_record(bytes_of(event)).has_value());
}

TEST(Segment, KeepsEveryWholeRecordWhereverItsEndIsTornOff) {
    const std::string whole = sample_segment();
    std::size_t records_before = 0;
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        Collected kept;
        const auto report = scan_segment(std::string_view(whole).substr(0, size), kept);
        EXPECT_EQ(report.damaged_bytes, 0U) << size;
        EXPECT_GE(report.records, records_before) << size;
        records_before = report.records;
    }
    EXPECT_EQ(records_before, 5U);
}

TEST(Segment, NeverReadsAFlippedByteAsAnotherRecord) {
    const std::string whole = sample_segment();
    Collected right;
    scan_segment(whole, right);
    for (std::size_t at = 0; at < whole.size(); ++at) {
        std::string damaged = whole;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x41);
        Collected kept;
        const auto report = scan_segment(damaged, kept);
        EXPECT_GE(report.records, 4U) << at;
        for (const Record& record : kept.records) {
            EXPECT_NE(std::ranges::find(right.records, record), right.records.end()) << at;
        }
    }
}

TEST(Segment, GoesOnBehindDamageAndTellsItFromATornTail) {
    const std::string first = std::string(segment_magic) + bytes_of(SegmentHeader{});
    const std::string record = bytes_of(sample_event("req_1", 9));
    Collected kept;
    const auto report =
        scan_segment(first + record + std::string(100, 'x') + record + std::string(50, '\0'), kept);
    EXPECT_EQ(kept.records.size(), 2U);
    EXPECT_EQ(report.damaged_bytes, 100U);
    EXPECT_EQ(report.torn_bytes, 50U);
}

TEST(Segment, SurvivesRandomBytes) {
    std::mt19937 random(3);
    for (int round = 0; round < 300; ++round) {
        std::string bytes = sample_segment();
        for (unsigned edits = random() % 8; edits > 0; --edits) {
            bytes[random() % bytes.size()] = static_cast<char>(random() % 256);
        }
        bytes.erase(random() % bytes.size(), random() % 20);
        Collected kept;
        const auto report = scan_segment(bytes, kept);
        EXPECT_LE(report.torn_bytes + report.damaged_bytes, bytes.size());
    }
}

} // namespace tollgate::storage::journal
