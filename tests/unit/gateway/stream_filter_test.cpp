#include "gateway/stream_filter.hpp"

#include <gtest/gtest.h>

#include <random>

namespace tollgate::gateway {
namespace {

const std::string first = "data: {\"choices\":[{\"delta\":{\"content\":\"Hel\"}}]}\n\n";
const std::string second =
    "data: {\"choices\":[{\"delta\":{\"content\":\"lo \xC3\xA9\"}}],\"usage\":null}\r\n\r\n";
const std::string comment = ": keep-alive\n\n";
const std::string usage =
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2,\"total_tokens\":11}}\n\n";
const std::string usage_with_choice =
    "data: {\"choices\":[{\"delta\":{}}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1}}\n\n";
const std::string done = "data: [DONE]\n\n";

/// A filter with what it needs: a call, a meter, a tariff without prices.
struct Bench {
    explicit Bench(UsageChunk choice) : filter(meter, bill, choice) {}

    Tariff tariff{};
    domain::Call call{};
    UsageMeter meter{call};
    Bill bill{tariff, PricedTarget{}};
    StreamFilter filter;

    /// What comes out for these reads.
    std::string pass(const std::vector<std::string>& reads) {
        std::string out;
        for (const std::string& read : reads) {
            const std::string copy = read; // views into it must not outlive the call
            const auto passed = filter.pass(copy);
            EXPECT_TRUE(passed);
            if (passed) out += *passed;
        }
        return out;
    }
};

TEST(StreamFilter, PassesEveryByteButTheUsageChunkThatNobodyAskedFor) {
    const std::string all = first + comment + second + usage + done;
    Bench strip(UsageChunk::strip);
    EXPECT_EQ(strip.pass({all}), first + comment + second + done);
    EXPECT_TRUE(strip.filter.is_done());
    EXPECT_EQ(strip.meter.usage().input, 9U);
    EXPECT_EQ(strip.meter.usage().output, 2U);
    Bench pass(UsageChunk::pass);
    EXPECT_EQ(pass.pass({all}), all);
    EXPECT_EQ(pass.meter.usage().output, 2U);
}

TEST(StreamFilter, GivesTheSameForEveryPlaceOfACut) {
    const std::string all = first + usage + comment + second + usage + done;
    for (std::size_t cut = 0; cut <= all.size(); ++cut) {
        Bench bench(UsageChunk::strip);
        EXPECT_EQ(bench.pass({all.substr(0, cut), all.substr(cut)}), first + comment + second + done) << cut;
        EXPECT_TRUE(bench.filter.is_done());
    }
}

TEST(StreamFilter, GivesTheSameByteByByteAndInRandomPieces) {
    const std::string all = comment + first + second + usage_with_choice + usage + done;
    const std::string wanted = comment + first + second + usage_with_choice + done;
    std::vector<std::string> bytes;
    for (const char byte : all) bytes.emplace_back(1, byte);
    EXPECT_EQ(Bench(UsageChunk::strip).pass(bytes), wanted);
    std::mt19937 random(20261123);
    for (int round = 0; round < 300; ++round) {
        std::vector<std::string> pieces;
        for (std::size_t at = 0; at < all.size();) {
            const std::size_t size = std::uniform_int_distribution<std::size_t>(1, 90)(random);
            pieces.push_back(all.substr(at, size));
            at += size;
        }
        EXPECT_EQ(Bench(UsageChunk::strip).pass(pieces), wanted);
    }
}

TEST(StreamFilter, PassesAnEventAsSoonAsItIsWhole) {
    Bench bench(UsageChunk::strip);
    EXPECT_EQ(bench.pass({first.substr(0, 20)}), "");
    EXPECT_EQ(bench.pass({first.substr(20) + second.substr(0, 5)}), first);
    EXPECT_EQ(bench.pass({second.substr(5)}), second);
    EXPECT_FALSE(bench.filter.is_done());
}

TEST(StreamFilter, DropsAnEventThatNeverBecameWhole) {
    Bench bench(UsageChunk::strip);
    EXPECT_EQ(bench.pass({first + "data: {\"choices\":[{\"del"}), first);
}

TEST(StreamFilter, LetsNothingPassBehindTheEnd) {
    Bench bench(UsageChunk::strip);
    EXPECT_EQ(bench.pass({first + done + second, second + done}), first + done);
    EXPECT_TRUE(bench.filter.is_done());
}

TEST(StreamFilter, KeepsAUsageReportThatComesWithAChoice) {
    Bench bench(UsageChunk::strip);
    EXPECT_EQ(bench.pass({usage_with_choice + done}), usage_with_choice + done);
    EXPECT_EQ(bench.meter.usage().output, 1U);
}

TEST(StreamFilter, TellsOfTheProvidersOwnError) {
    const std::string error = "data: {\"error\":{\"message\":\"no\"}}\n\n";
    Bench bench(UsageChunk::strip);
    EXPECT_EQ(bench.pass({first + error}), first + error);
    EXPECT_TRUE(bench.filter.has_failed());
    EXPECT_FALSE(bench.filter.is_done());
}

TEST(StreamFilter, KnowsTheEndInEveryFormOfAnEvent) {
    for (const std::string& end : {std::string("data:[DONE]\n\n"), std::string("data: [DONE]\r\n\r\n"),
                                   std::string("id: 7\ndata: [DONE]\n\n"), std::string("data: [DONE]\r\r")}) {
        Bench bench(UsageChunk::strip);
        bench.pass({first + end + "\n"});
        EXPECT_TRUE(bench.filter.is_done()) << end;
    }
}

TEST(StreamFilter, PutsTheCostIntoTheUsageChunk) {
    Bench bench(UsageChunk::pass_with_cost);
    const std::string out = bench.pass({first + usage + done});
    EXPECT_TRUE(out.starts_with(first));
    EXPECT_TRUE(out.ends_with(done));
    EXPECT_NE(out.find("\"cost\":"), std::string::npos) << out;
    EXPECT_NE(out.find("\"currency\":\"INR\""), std::string::npos) << out;
    for (std::size_t cut = 0; cut <= usage.size(); ++cut) {
        Bench again(UsageChunk::pass_with_cost);
        EXPECT_EQ(again.pass({first + usage.substr(0, cut), usage.substr(cut) + done}), out) << cut;
    }
}

TEST(StreamFilter, GivesUpOnAnEventWithoutEnd) {
    Bench bench(UsageChunk::strip);
    const std::string megabyte(1024UL * 1024, 'x');
    bool refused = false;
    for (int count = 0; count < 10 && !refused; ++count) {
        const auto passed = bench.filter.pass(megabyte);
        if (passed) continue;
        refused = true;
        EXPECT_EQ(passed.error().code, base::ErrorCode::invalid_response);
        EXPECT_EQ(count, 8);
    }
    EXPECT_TRUE(refused);
}

} // namespace
} // namespace tollgate::gateway
