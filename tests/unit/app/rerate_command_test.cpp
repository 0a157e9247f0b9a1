// tollgate usage rerate: past calls priced again, looked at first and then written.
#include "app/rerate.hpp"
#include "tollgate/domain/purse.hpp"
#include "tollgate/storage/sqlite_storage.hpp"
#include "unit/app/program.hpp"

namespace tollgate::app {

namespace {

// 88 × 1.05 × 1.05 INR for a dollar.
constexpr const char* old_prices = R"({"gpt-x": {"litellm_provider": "openai", "input_cost_per_token": 1e-05,
    "output_cost_per_token": 2e-05}})";
constexpr const char* new_prices = R"({"gpt-x": {"litellm_provider": "openai", "input_cost_per_token": 5e-06,
    "output_cost_per_token": 1e-05}})";

class RerateCommand : public Program {
protected:
    void SetUp() override {
        Program::SetUp();
        write("config.yaml", "storage: {database: \"sqlite:" + path("tollgate.db") +
                                 "\"}\nbilling: {wallet: true, "
                                 "prices: " +
                                 path("old.json") + "}\n");
        write("old.json", old_prices);
        write("new.json", new_prices);
        account_ = run_json({"user", "create", "me@example.org", "--no-password"}).at("id");
        key_ = run_json({"key", "create", "--name", "laptop", "--user", "me@example.org"}).at("id");
        EXPECT_EQ(run({"credit", "add", "me@example.org", "100"}).code, 0);
    }

    domain::UsageEvent event(const std::string& id, const std::string& day) {
        domain::UsageEvent event{
            .request_id = base::RequestId(id),
            .key_id = base::KeyId(key_),
            .account_id = base::AccountId(account_),
            .day = domain::parse_day(day).value(),
            .wallet = domain::WalletUse::charged,
            .model = "gpt-x",
            .provider = "openai",
            .upstream_model = "gpt-x",
            .status = 200,
            .outcome = "completed",
            .usage = {.input = 1000, .output = 100, .source = domain::UsageSource::provider},
            .cost = base::Money::of_micros(1'164'240),
            .bound = base::Money::of_micros(5'000'000),
            .currency = "INR",
            .usd_rate = "88",
            .price_version = "old"};
        event.started_at = base::parse_rfc3339(day + "T12:00:00+05:30").value();
        event.ended_at = event.started_at;
        return event;
    }
    void append(const std::vector<domain::UsageEvent>& events) {
        const auto storage =
            storage::SqliteStorage::open(path("tollgate.db"), storage::Migrate::refuse).value();
        ASSERT_TRUE(storage->ledger().append(events));
    }
    nlohmann::json rerate(std::vector<std::string> options) {
        options.insert(options.begin(), {"usage", "rerate"});
        return run_json(std::move(options));
    }

    std::string account_;
    std::string key_;
};

} // namespace

TEST_F(RerateCommand, ShowsWhatWouldChangeAndWritesNothing) {
    append({event("req_1", "2026-11-20"), event("req_2", "2026-11-21")});
    const Printed printed = run({"usage", "rerate", "--model", "gpt-x", "--prices", path("new.json")});
    EXPECT_EQ(printed.code, 0) << printed.error;
    EXPECT_NE(printed.out.find("openai/gpt-x  2       2        2.32848  1.16424  -1.16424"),
              std::string::npos)
        << printed.out;
    EXPECT_NE(printed.out.find("nothing was written"), std::string::npos);
    EXPECT_EQ(run_json({"credit", "list", "me@example.org"}).at("wallet").at("spent"), "2.32848");
}

TEST_F(RerateCommand, WritesTheDaysThatAreMeantAndTheBooksStillVerify) {
    append({event("req_1", "2026-11-20"), event("req_2", "2026-11-21"), event("req_3", "2026-11-22")});
    const auto printed = rerate({"--from", "2026-11-21", "--to", "2026-11-21", "--prices", path("new.json"),
                                 "--apply", "--note", "list of the 24th"});
    EXPECT_EQ(printed.at("applied"), true);
    EXPECT_EQ(printed.at("all").at("changed"), 1);
    EXPECT_EQ(printed.at("all").at("difference"), "-0.58212");
    EXPECT_EQ(run({"ledger", "verify"}).code, 0);
    EXPECT_EQ(run_json({"credit", "list", "me@example.org"}).at("wallet").at("spent"), "2.9106");
    const auto again =
        rerate({"--from", "2026-11-21", "--to", "2026-11-21", "--prices", path("new.json"), "--apply"});
    EXPECT_EQ(again.at("all").at("changed"), 0);
}

TEST_F(RerateCommand, ChangesNothingWhenThePricesAreTheOnesThatWereCharged) {
    auto odd = event("req_2", "2026-11-21");
    odd.usd_rate = "44";
    odd.cost = base::Money::of_micros(582'120);
    append({event("req_1", "2026-11-20"), odd});
    EXPECT_EQ(rerate({"--key", "laptop"}).at("all").at("changed"), 0);
    const auto at_one_rate = rerate({"--key", "laptop", "--usd-rate", "44"});
    EXPECT_EQ(at_one_rate.at("all").at("difference"), "-0.58212");
}

TEST_F(RerateCommand, GoesNoFurtherThanWhatWasSetAsideUnlessToldTo) {
    auto close = event("req_1", "2026-11-20");
    close.bound = base::Money::of_micros(2'000'000);
    append({close});
    const auto held = rerate({"--model", "gpt-x", "--usd-rate", "880"});
    EXPECT_EQ(held.at("all").at("new"), "2");
    EXPECT_EQ(held.at("held_at_bound"), 1);
    const auto beyond = rerate({"--model", "gpt-x", "--usd-rate", "880", "--beyond-bound", "--apply"});
    EXPECT_EQ(beyond.at("all").at("new"), "11.6424");
    EXPECT_EQ(run({"ledger", "verify"}).code, 0);
}

TEST_F(RerateCommand, KeepsWhatItCannotPriceAndSaysSo) {
    auto unpriced = event("req_1", "2026-11-20");
    unpriced.upstream_model = "gpt-y";
    auto dollars = event("req_2", "2026-11-20");
    dollars.currency = "USD";
    auto cut = event("req_3", "2026-11-20");
    cut.usage = {.source = domain::UsageSource::interrupted};
    append({unpriced, dollars, cut});
    const auto printed = rerate({"--from", "2026-11-01", "--prices", path("new.json"), "--apply"});
    EXPECT_EQ(printed.at("all").at("changed"), 0);
    EXPECT_EQ(printed.at("kept").at("unpriced"), 1);
    EXPECT_EQ(printed.at("kept").at("other_currency"), 1);
    EXPECT_EQ(printed.at("kept").at("unknown_usage"), 1);
}

TEST_F(RerateCommand, WantsToBeToldWhichCalls) {
    EXPECT_EQ(run({"usage", "rerate"}).code, 2);
    EXPECT_EQ(run({"usage", "rerate", "--apply", "--prices", path("new.json")}).code, 2);
    EXPECT_EQ(run({"usage", "rerate", "--model", "gpt-x", "--usd-rate", "many"}).code, 2);
    EXPECT_EQ(run({"usage", "rerate", "--model", "gpt-x", "--prices", path("none.json")}).code, 2);
}

TEST_F(RerateCommand, ReplayCarriesAJournalIntoTheBooksAndSaysWhatItFound) {
    std::filesystem::create_directory(path("old-node"));
    const auto printed = run_json({"ledger", "replay", path("old-node")});
    EXPECT_EQ(printed.at("files"), 0);
    EXPECT_EQ(run({"ledger", "replay", path("nowhere")}).code, 1);
    EXPECT_EQ(run({"ledger", "replay"}).code, 2);
    EXPECT_NE(run({"ledger", "replay", path("old-node")}).out.find("0 files"), std::string::npos);
}

} // namespace tollgate::app
