#include "tollgate/http/event_stream.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace tollgate::http {

namespace {

/// Collects events from pieces; what is left unfinished is the last element behind them.
class Collector {
public:
    void scan(std::string_view piece) {
        while (true) {
            const std::size_t end = scanner_.find_event_end(piece);
            pending_.append(piece.substr(0, end));
            if (end == EventScanner::npos) return;
            events_.push_back(std::move(pending_));
            pending_.clear();
            piece.remove_prefix(end);
        }
    }
    const std::vector<std::string>& events() const { return events_; }
    const std::string& pending() const { return pending_; }
    bool is_at_boundary() const { return scanner_.is_at_boundary(); }

private:
    EventScanner scanner_;
    std::string pending_;
    std::vector<std::string> events_;
};

std::vector<std::string> events_of(std::string_view bytes) {
    Collector collector;
    collector.scan(bytes);
    return collector.events();
}

using Events = std::vector<std::string>;

const std::vector<std::string>& samples() {
    static const std::vector<std::string> streams{
        "data: a\n\ndata: b\n\ndata: [DONE]\n\n",
        "data: a\r\n\r\ndata: b\r\n\r\n: ping\r\n\r\n",
        "data: a\r\rdata: b\r\rdata: c\r\r",
        "event: x\ndata: a\ndata: b\n\nid: 1\r\ndata: c\r\n\r\ndata: d\r\rdata: e",
        "\n\n\ndata: a\n\r\ndata: b\r\r\ndata: c\n\rdata: d\r\n\ndata: e\r\n\rx\r\n\r\r\n",
        "\xEF\xBB\xBF"
        "data: caf\xC3\xA9\n\n\r\n\r\n\r\r\r\n\n",
    };
    return streams;
}

} // namespace

TEST(EventScanner, EndsEventsAtABlankLineWithAnyLineEnd) {
    EXPECT_EQ(events_of("data: a\n\ndata: b\n\n"), (Events{"data: a\n\n", "data: b\n\n"}));
    EXPECT_EQ(events_of("data: a\r\n\r\ndata: b\r\n\r\n"), (Events{"data: a\r\n\r\n", "data: b\r\n\r\n"}));
    EXPECT_EQ(events_of("data: a\r\rdata: b\r\r"), (Events{"data: a\r\r", "data: b\r\r"}));
    EXPECT_EQ(events_of("data: a\n\rdata: b"), (Events{"data: a\n\r"}));
    EXPECT_EQ(events_of("data: a\r\n\ndata: b"), (Events{"data: a\r\n\n"}));
    EXPECT_EQ(events_of("data: a\r\ndata: b\ndata: c\rdata: d\n"), Events{});
    EXPECT_EQ(events_of(""), Events{});
}

TEST(EventScanner, ReportsAnEventWithItsLastByte) {
    for (const char* text : {"data: a\n\n", "data: a\r\n\r\n", "data: a\r\r", "data: a\r\n\n"}) {
        Collector collector;
        for (const char byte : std::string_view(text)) {
            EXPECT_TRUE(collector.events().empty()) << text;
            collector.scan(std::string_view(&byte, 1));
        }
        EXPECT_EQ(collector.events(), Events{text});
        EXPECT_TRUE(collector.is_at_boundary());
    }
}

TEST(EventScanner, WaitsWithABlankReturnBehindALineFeedForTheNextByte) {
    EventScanner scanner;
    EXPECT_EQ(scanner.find_event_end("data: a\r\n\r"), EventScanner::npos);
    EXPECT_TRUE(scanner.is_at_boundary());
    EXPECT_EQ(scanner.find_event_end("data: b"), 0u);
    EXPECT_EQ(scanner.find_event_end("data: b"), EventScanner::npos);
    EXPECT_FALSE(scanner.is_at_boundary());
}

TEST(EventScanner, KnowsWhetherAnEventIsOpen) {
    EventScanner scanner;
    EXPECT_TRUE(scanner.is_at_boundary());
    scanner.find_event_end("d");
    EXPECT_FALSE(scanner.is_at_boundary());
    scanner.find_event_end("ata: x\n");
    EXPECT_FALSE(scanner.is_at_boundary());
    EXPECT_EQ(scanner.find_event_end("\n"), 1u);
    EXPECT_TRUE(scanner.is_at_boundary());
}

TEST(EventScanner, EverySplitInTwoAndThreeGivesTheSameEvents) {
    for (const std::string& stream : samples()) {
        Collector whole;
        whole.scan(stream);
        for (std::size_t first = 0; first <= stream.size(); ++first) {
            for (std::size_t second = first; second <= stream.size(); ++second) {
                Collector split;
                split.scan(std::string_view(stream).substr(0, first));
                split.scan(std::string_view(stream).substr(first, second - first));
                split.scan(std::string_view(stream).substr(second));
                ASSERT_EQ(split.events(), whole.events()) << first << ' ' << second;
                ASSERT_EQ(split.pending(), whole.pending()) << first << ' ' << second;
                ASSERT_EQ(split.is_at_boundary(), whole.is_at_boundary());
            }
        }
    }
}

TEST(EventScanner, LosesNoByteOfRandomStreamsHoweverTheyAreSplit) {
    std::mt19937 random(5);
    for (int round = 0; round < 5'000; ++round) {
        std::string stream;
        for (unsigned size = random() % 40; size > 0; --size) stream += "\r\n\r\nab: "[random() % 8];
        Collector whole;
        whole.scan(stream);
        std::string joined;
        for (const std::string& event : whole.events()) joined += event;
        EXPECT_EQ(joined + whole.pending(), stream);

        Collector split;
        for (std::size_t at = 0; at < stream.size();) {
            const std::size_t size = 1 + random() % 5;
            split.scan(std::string_view(stream).substr(at, size));
            at += size;
        }
        ASSERT_EQ(split.events(), whole.events());
    }
}

TEST(ParseEvent, ReadsNameAndData) {
    const Event event = parse_event("event: message_start\ndata: {\"a\":1}\n\n");
    EXPECT_EQ(event.name, "message_start");
    EXPECT_EQ(event.data, "{\"a\":1}");
    EXPECT_TRUE(event.has_data);
}

TEST(ParseEvent, FollowsTheRulesForLines) {
    EXPECT_EQ(parse_event("data: a\ndata: b\r\ndata: c\rdata:d\n\n").data, "a\nb\nc\nd");
    EXPECT_EQ(parse_event("data:  two\n").data, " two");
    EXPECT_EQ(parse_event("data: no end").data, "no end");
    EXPECT_EQ(parse_event("data\ndata\n\n").data, "\n");
    EXPECT_EQ(parse_event("data:\n\n").data, "");
    EXPECT_TRUE(parse_event("data:\n\n").has_data);
    EXPECT_EQ(parse_event("\xEF\xBB\xBF"
                          "data: a\n\n")
                  .data,
              "a");
    EXPECT_EQ(parse_event("data: a: b\n\n").data, "a: b");
}

TEST(ParseEvent, SkipsCommentsAndUnknownFields) {
    const Event event = parse_event(": ping\nid: 7\nretry: 10\nDATA: no\n data: no\ndatax: no\n\n");
    EXPECT_FALSE(event.has_data);
    EXPECT_EQ(event.data, "");
    EXPECT_EQ(event.name, "");
    EXPECT_FALSE(parse_event("").has_data);
}

TEST(SimpleEventData, IsAViewOfTheOneDataLine) {
    const std::string_view bytes = "event: x\n: c\ndata: {\"a\":1}\r\n\r\n";
    const std::string_view data = simple_event_data(bytes);
    EXPECT_EQ(data, "{\"a\":1}");
    EXPECT_GE(data.data(), bytes.data());
    EXPECT_NE(simple_event_data("data\n\n").data(), nullptr);
    EXPECT_EQ(simple_event_data("data\n\n"), "");
}

TEST(SimpleEventData, IsNullWhenThereIsNoneOrMore) {
    EXPECT_EQ(simple_event_data(": ping\n\n").data(), nullptr);
    EXPECT_EQ(simple_event_data("").data(), nullptr);
    EXPECT_EQ(simple_event_data("data: a\ndata: b\n\n").data(), nullptr);
    EXPECT_EQ(simple_event_data("data\ndata\n\n").data(), nullptr);
}

TEST(SimpleEventData, AgreesWithParseEvent) {
    std::mt19937 random(9);
    const std::vector<std::string> lines{"data: a", "data:", "data", "event: x", ": c", "id: 1", "data:  b"};
    const std::vector<std::string> ends{"\n", "\r\n", "\r"};
    for (int round = 0; round < 2'000; ++round) {
        std::string bytes;
        for (unsigned count = random() % 4; count > 0; --count) {
            bytes += lines[random() % lines.size()] + ends[random() % ends.size()];
        }
        const std::string_view simple = simple_event_data(bytes);
        const Event event = parse_event(bytes);
        if (simple.data() != nullptr) EXPECT_EQ(simple, event.data) << bytes;
        if (!event.has_data) EXPECT_EQ(simple.data(), nullptr) << bytes;
    }
}

} // namespace tollgate::http
