#include "tollgate/telemetry/metrics.hpp"

#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <thread>

namespace tollgate::telemetry {

using namespace std::chrono_literals;

namespace {

const MetricLabels& labels() {
    static const MetricLabels some{.endpoints = {"chat.completions", "embeddings"},
                                   .providers = {"openai", "xai"},
                                   .routes = {{"GET", "/api/keys"}, {"PATCH", "/api/keys/{id}"}}};
    return some;
}

/// Every sample of a scrape by its name and labels.
std::map<std::string, std::string> samples_of(const std::string& text) {
    std::map<std::string, std::string> samples;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        if (line.starts_with('#')) continue;
        const auto space = line.rfind(' ');
        const bool is_new = samples.emplace(line.substr(0, space), line.substr(space + 1)).second;
        EXPECT_TRUE(is_new) << "twice: " << line;
    }
    return samples;
}

} // namespace

TEST(Metrics, AddUpTheShardsOfAllWorkers) {
    Metrics metrics(labels(), 3);
    for (std::size_t worker = 0; worker < 3; ++worker) {
        MetricShard& shard = metrics.shard(worker);
        shard.tokens_used(TokenKind::input, 10);
        shard.tokens_used(TokenKind::audio_output, worker);
        shard.money_spent(base::Money::of_micros(7));
        shard.connection_opened(ConnectionSide::client);
        shard.refused(base::ErrorCode::budget_exceeded);
    }
    metrics.shard(0).attempt_ended(metrics.provider("xai"), AttemptOutcome::timeout);
    metrics.shard(1).attempt_ended(metrics.provider("new"), AttemptOutcome::broken);
    const auto samples = samples_of(metrics.text());
    EXPECT_EQ(samples.at("tollgate_tokens_total{kind=\"input\"}"), "30");
    EXPECT_EQ(samples.at("tollgate_tokens_total{kind=\"output\"}"), "0");
    EXPECT_EQ(samples.at("tollgate_tokens_total{kind=\"audio_output\"}"), "3");
    EXPECT_EQ(samples.at("tollgate_spend_micro_units_total"), "21");
    EXPECT_EQ(samples.at("tollgate_connections{side=\"client\"}"), "3");
    EXPECT_EQ(samples.at("tollgate_connections{side=\"upstream\"}"), "0");
    EXPECT_EQ(samples.at("tollgate_refusals_total{reason=\"budget_exceeded\"}"), "3");
    EXPECT_EQ(samples.at("tollgate_upstream_attempts_total{provider=\"xai\",outcome=\"timeout\"}"), "1");
    EXPECT_EQ(samples.at("tollgate_upstream_attempts_total{provider=\"other\",outcome=\"broken\"}"), "1");
    EXPECT_EQ(samples.at("tollgate_upstream_attempts_total{provider=\"openai\",outcome=\"success\"}"), "0");
}

TEST(Metrics, CountARequestByEndpointProviderAndStatusClass) {
    struct Row {
        std::string_view endpoint;
        std::string_view provider;
        int status;
        std::string_view series;
    };
    for (const Row& row : {
             Row{"chat.completions", "openai", 200,
                 R"(endpoint="chat.completions",provider="openai",status="2xx")"},
             Row{"embeddings", "xai", 599, R"(endpoint="embeddings",provider="xai",status="5xx")"},
             Row{"embeddings", "", 404, R"(endpoint="embeddings",provider="none",status="4xx")"},
             Row{"new", "", 101, R"(endpoint="other",provider="none",status="1xx")"},
             Row{"new", "xai", 0, R"(endpoint="other",provider="xai",status="none")"},
             Row{"new", "xai", 600, R"(endpoint="other",provider="xai",status="none")"},
             Row{"new", "xai", -1, R"(endpoint="other",provider="xai",status="none")"},
         }) {
        Metrics metrics(labels(), 1);
        metrics.shard(0).request_began();
        metrics.shard(0).request_ended({.endpoint = metrics.endpoint(row.endpoint),
                                        .provider = metrics.provider(row.provider),
                                        .status = row.status});
        const auto text = metrics.text();
        EXPECT_NE(text.find("\ntollgate_requests_total{" + std::string(row.series) + "} 1\n"),
                  std::string::npos)
            << text;
        EXPECT_NE(text.find("\ntollgate_requests_in_flight 0\n"), std::string::npos);
        std::size_t series = 0;
        for (const auto& [name, value] : samples_of(text))
            series += name.starts_with("tollgate_requests_total");
        EXPECT_EQ(series, 1U) << "combinations that never happened are left out";
    }
}

TEST(Metrics, CountARequestToTheApiByRouteAndStatusClass) {
    Metrics metrics(labels(), 2);
    metrics.shard(0).api_request_ended({.route = 1, .status = 204, .duration = 3ms});
    metrics.shard(1).api_request_ended({.route = 1, .status = 200, .duration = 7ms});
    metrics.shard(1).api_request_ended({.route = 0, .status = 401});
    metrics.shard(1).api_request_ended({.status = 404});
    metrics.shard(0).api_request_ended({.route = 0});
    std::map<std::string, std::string> counted = samples_of(metrics.text());
    std::erase_if(counted, [](const auto& each) { return !each.first.starts_with("tollgate_api_requests"); });
    const std::map<std::string, std::string> expected{
        {R"(tollgate_api_requests_total{route="/api/keys/{id}",method="PATCH",status="2xx"})", "2"},
        {R"(tollgate_api_requests_total{route="/api/keys",method="GET",status="4xx"})", "1"},
        {R"(tollgate_api_requests_total{route="/api/keys",method="GET",status="none"})", "1"},
        {R"(tollgate_api_requests_total{route="other",method="other",status="4xx"})", "1"}};
    EXPECT_EQ(counted, expected);
    const auto samples = samples_of(metrics.text());
    EXPECT_EQ(samples.at("tollgate_api_request_duration_seconds_count"), "5");
    EXPECT_EQ(samples.at("tollgate_api_request_duration_seconds_bucket{le=\"0.005\"}"), "4");
}

TEST(Metrics, KeepAGaugeRightWhenItFallsOnAnotherShard) {
    Metrics metrics(labels(), 2);
    metrics.shard(0).connection_opened(ConnectionSide::upstream);
    metrics.shard(0).connection_opened(ConnectionSide::upstream);
    metrics.shard(1).connection_closed(ConnectionSide::upstream);
    EXPECT_EQ(samples_of(metrics.text()).at("tollgate_connections{side=\"upstream\"}"), "1");
}

TEST(Metrics, WriteCumulativeBucketsWithTheirEndsIncluded) {
    Metrics metrics(labels(), 2);
    for (const auto overhead : {0us, 50us, 51us, 200us, 6'000'000us, -5us}) {
        metrics.shard(0).request_ended({.duration = 15min, .overhead = overhead});
    }
    metrics.shard(1).request_ended({.duration = 15min + 1us, .first_byte = 2'500us});
    const auto samples = samples_of(metrics.text());
    EXPECT_EQ(samples.at("tollgate_overhead_seconds_bucket{le=\"0.00005\"}"), "3");
    EXPECT_EQ(samples.at("tollgate_overhead_seconds_bucket{le=\"0.0001\"}"), "4");
    EXPECT_EQ(samples.at("tollgate_overhead_seconds_bucket{le=\"0.0002\"}"), "5");
    EXPECT_EQ(samples.at("tollgate_overhead_seconds_bucket{le=\"5\"}"), "5");
    EXPECT_EQ(samples.at("tollgate_overhead_seconds_bucket{le=\"+Inf\"}"), "6");
    EXPECT_EQ(samples.at("tollgate_overhead_seconds_count"), "6");
    EXPECT_EQ(samples.at("tollgate_overhead_seconds_sum"), "6.000301");
    EXPECT_EQ(samples.at("tollgate_request_duration_seconds_bucket{le=\"900\"}"), "6");
    EXPECT_EQ(samples.at("tollgate_request_duration_seconds_bucket{le=\"+Inf\"}"), "7");
    EXPECT_EQ(samples.at("tollgate_first_byte_seconds_count"), "1");
    EXPECT_EQ(samples.at("tollgate_first_byte_seconds_sum"), "0.0025");
}

TEST(Metrics, FollowTheGrammarOfTheFormat) {
    Metrics metrics(labels(), 1);
    metrics.shard(0).request_ended({.status = 200, .first_byte = 1ms, .overhead = 1ms});
    metrics.shard(0).refused(base::ErrorCode::already_exists);
    metrics.shard(0).api_request_ended({.route = 1, .status = 200});
    const std::vector<SampledMetric> sampled{{"tollgate_store_up",
                                              "Is it there?",
                                              SampledMetric::Type::gauge,
                                              {{metric_label("store", "redis"), 1}}}};
    const auto text = metrics.text(sampled);
    const std::regex grammar(
        R"(# (HELP tollgate_[a-z_]+ .+|TYPE tollgate_[a-z_]+ (counter|gauge|histogram))|)"
        R"(tollgate_[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? -?[0-9.]+)");
    std::istringstream stream(text);
    std::set<std::string> families;
    for (std::string line; std::getline(stream, line);) {
        EXPECT_TRUE(std::regex_match(line, grammar)) << line;
        if (!line.starts_with("# TYPE ")) continue;
        EXPECT_TRUE(families.insert(line.substr(7, line.rfind(' ') - 7)).second) << "twice: " << line;
        const auto name = line.substr(7, line.rfind(' ') - 7);
        EXPECT_EQ(line.ends_with(" counter"), name.ends_with("_total")) << line;
    }
    EXPECT_EQ(families.size(), 13U);
    EXPECT_TRUE(text.ends_with("\n"));
}

TEST(Metrics, EscapeLabelsThatComeFromOutside) {
    EXPECT_EQ(metric_label("name", "a\"b\\c\nd"), R"(name="a\"b\\c\nd")");
    Metrics metrics({.endpoints = {}, .providers = {"a\"} 5\n"}}, 1);
    metrics.shard(0).attempt_ended(0, AttemptOutcome::success);
    EXPECT_EQ(samples_of(metrics.text())
                  .at(R"(tollgate_upstream_attempts_total{provider="a\"} 5\n",outcome="success"})"),
              "1");
}

TEST(Metrics, WriteWhatOthersSample) {
    const Metrics metrics({}, 0);
    const std::vector<SampledMetric> sampled{
        {"tollgate_log_lines_dropped_total", "Lines\nlost.", SampledMetric::Type::counter, {{"", 3}}},
        {"tollgate_store_up",
         "Up.",
         SampledMetric::Type::gauge,
         {{"store=\"redis\"", 0}, {"store=\"journal\"", -1}}}};
    const auto text = metrics.text(sampled);
    EXPECT_TRUE(text.ends_with("# HELP tollgate_log_lines_dropped_total Lines\\nlost.\n"
                               "# TYPE tollgate_log_lines_dropped_total counter\n"
                               "tollgate_log_lines_dropped_total 3\n"
                               "# HELP tollgate_store_up Up.\n"
                               "# TYPE tollgate_store_up gauge\n"
                               "tollgate_store_up{store=\"redis\"} 0\n"
                               "tollgate_store_up{store=\"journal\"} -1\n"))
        << text;
}

TEST(Metrics, CanBeReadWhileWorkersCount) {
    constexpr int rounds = 20'000;
    Metrics metrics(labels(), 2);
    {
        std::vector<std::jthread> workers;
        for (std::size_t worker = 0; worker < 2; ++worker) {
            workers.emplace_back([&shard = metrics.shard(worker)] {
                for (int i = 0; i < rounds; ++i) shard.tokens_used(TokenKind::output, 2);
            });
        }
        for (int i = 0; i < 20; ++i) EXPECT_FALSE(metrics.text().empty());
    }
    EXPECT_EQ(samples_of(metrics.text()).at("tollgate_tokens_total{kind=\"output\"}"),
              std::to_string(4 * rounds));
}

} // namespace tollgate::telemetry
