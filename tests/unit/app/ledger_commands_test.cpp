// The commands about money: ledger verify, usage summary and export, credit add and list.
#include "app/usage_output.hpp"
#include "tollgate/domain/purse.hpp"
#include "tollgate/storage/sqlite_storage.hpp"
#include "unit/app/program.hpp"

#include <SQLiteCpp/Database.h>

namespace tollgate::app {

class LedgerCommands : public Program {
protected:
    void SetUp() override {
        Program::SetUp();
        write("config.yaml", "storage: {database: \"sqlite:" + path("tollgate.db") + "\", journal: \"" +
                                 path("journal") + "\"}\nbilling: {currency: INR, wallet: true}\n");
        account_ = run_json({"user", "create", "me@example.org", "--no-password"}).at("id");
        key_ = run_json({"key", "create", "--name", "laptop", "--user", "me@example.org"}).at("id");
    }

    void spend(const std::string& id, std::int64_t micros, const std::string& day) {
        const auto storage =
            storage::SqliteStorage::open(path("tollgate.db"), storage::Migrate::refuse).value();
        domain::UsageEvent event{
            .request_id = base::RequestId(id),
            .key_id = base::KeyId(key_),
            .account_id = base::AccountId(account_),
            .day = domain::parse_day(day).value(),
            .wallet = domain::WalletUse::charged,
            .endpoint = "chat.completions",
            .model = "gpt-4o",
            .provider = "openai",
            .upstream_model = "gpt-4o, \"new\"",
            .status = 200,
            .outcome = "completed",
            .usage = {.input = 100, .output = 20, .source = domain::UsageSource::provider},
            .cost = base::Money::of_micros(micros),
            .bound = base::Money::of_micros(1),
            .currency = "INR"};
        // Half past midnight in Kolkata.
        event.started_at = base::parse_rfc3339(day + "T00:30:00+05:30").value();
        event.ended_at = event.started_at;
        ASSERT_TRUE(storage->ledger().append(std::span(&event, 1)).has_value());
    }

    void tamper(const std::string& sql) {
        SQLite::Database database(path("tollgate.db"), SQLite::OPEN_READWRITE);
        ASSERT_GT(database.exec(sql), 0);
    }

    std::size_t lines(const std::string& text) {
        return static_cast<std::size_t>(std::ranges::count(text, '\n'));
    }

    std::string account_;
    std::string key_;
};

TEST_F(LedgerCommands, VerifyPassesForRightBooksAndFailsWithCodeOneForWrongOnes) {
    spend("req_1", 1'500'000, "2026-11-22");
    const Printed right = run({"ledger", "verify"});
    EXPECT_EQ(right.code, 0) << right.out << right.error;
    EXPECT_NE(right.out.find("1 events of 1.5 INR"), std::string::npos) << right.out;
    EXPECT_EQ(run_json({"ledger", "verify"}).at("right"), true);
    tamper("UPDATE key_totals SET spent_micros = 0");
    const Printed wrong = run({"ledger", "verify"});
    EXPECT_EQ(wrong.code, 1);
    EXPECT_NE(wrong.out.find("DIFFERENCE"), std::string::npos) << wrong.out;
    const Printed json = run({"ledger", "verify", "--json"});
    EXPECT_EQ(json.code, 1);
    EXPECT_EQ(json.json().at("differences").size(), 1U);
}

TEST_F(LedgerCommands, VerifyTellsOfFilesThatTheJournalSetAside) {
    std::filesystem::create_directory(path("journal"));
    write("journal/000000000001.damaged", "x");
    const Printed printed = run({"ledger", "verify"});
    EXPECT_EQ(printed.code, 1);
    EXPECT_NE(printed.out.find("000000000001.damaged"), std::string::npos) << printed.out;
}

TEST_F(LedgerCommands, SummaryGroupsByKeyWithItsNameAndByWhatIsAsked) {
    spend("req_1", 1'500'000, "2026-11-22");
    spend("req_2", 500'000, "2026-11-23");
    const Printed table = run({"usage", "summary"});
    EXPECT_EQ(table.code, 0) << table.error;
    EXPECT_NE(table.out.find("laptop"), std::string::npos) << table.out;
    const Printed days = run({"usage", "summary", "--by", "day", "--format", "jsonl"});
    ASSERT_EQ(lines(days.out), 2U);
    const auto first = nlohmann::json::parse(days.out.substr(0, days.out.find('\n')));
    EXPECT_EQ(first.at("day"), "2026-11-22");
    EXPECT_EQ(first.at("cost"), "1.5");
    EXPECT_EQ(first.at("requests"), 1);
    const Printed users = run({"usage", "summary", "--by", "user", "--format", "csv"});
    EXPECT_NE(users.out.find("me@example.org,2,"), std::string::npos) << users.out;
    const Printed one = run({"usage", "summary", "--by", "provider", "--from", "2026-11-23", "--to",
                             "2026-11-23", "--key", "laptop", "--format", "jsonl"});
    EXPECT_EQ(nlohmann::json::parse(one.out).at("cost"), "0.5");
}

TEST_F(LedgerCommands, ExportWritesEveryCallOfTheDaysInTheZone) {
    for (int number = 0; number < 5; ++number) spend("req_" + std::to_string(number), number, "2026-11-22");
    spend("req_later", 9, "2026-11-23");
    const Printed csv = run({"usage", "export", "--to", "2026-11-22"});
    EXPECT_EQ(csv.code, 0) << csv.error;
    EXPECT_EQ(lines(csv.out), 6U) << csv.out;
    EXPECT_TRUE(csv.out.starts_with("request_id,")) << csv.out;
    EXPECT_NE(csv.out.find("\"gpt-4o, \"\"new\"\"\""), std::string::npos) << csv.out;
    const Printed later = run({"usage", "export", "--from", "2026-11-23", "--format", "jsonl"});
    ASSERT_EQ(lines(later.out), 1U);
    EXPECT_EQ(later.json().at("request_id"), "req_later");
    EXPECT_EQ(later.json().at("cost"), "0.000009");
    EXPECT_EQ(later.json().at("first_byte_ms"), nullptr);
}

TEST_F(LedgerCommands, CreditIsAddedOnceAndListedWithTheBalance) {
    const auto added =
        run_json({"credit", "add", "me@example.org", "500", "--id", "pay_1", "--note", "cash"});
    EXPECT_EQ(added.at("wallet").at("balance"), "500");
    EXPECT_EQ(added.at("lot").at("expires_at"), "2027-11-23T00:00:00Z");
    const Printed again = run({"credit", "add", "me@example.org", "500", "--id", "pay_1"});
    EXPECT_EQ(again.code, 1);
    EXPECT_NE(again.error.find("added before"), std::string::npos) << again.error;
    EXPECT_EQ(run({"credit", "add", account_, "300", "--expires", "never"}).code, 0);
    spend("req_1", 600'000'000, "2026-11-22");
    const auto listed = run_json({"credit", "list", "me@example.org"});
    ASSERT_EQ(listed.at("lots").size(), 2U);
    EXPECT_EQ(listed.at("lots")[0].at("remaining"), "0");
    EXPECT_EQ(listed.at("lots")[1].at("remaining"), "200");
    EXPECT_EQ(listed.at("lots")[1].at("expires_at"), nullptr);
    EXPECT_EQ(listed.at("wallet").at("balance"), "200");
    EXPECT_NE(run({"credit", "list", "me@example.org"}).out.find("balance 200 INR"), std::string::npos);
}

TEST_F(LedgerCommands, WrongUsageIsCodeTwoAndWritesNothing) {
    const std::vector<std::vector<std::string>> cases = {
        {"usage", "summary", "--by", "moon"},
        {"usage", "summary", "--from", "yesterday"},
        {"usage", "export", "--format", "xml"},
        {"credit", "add", "me@example.org", "many"},
        {"credit", "add", "me@example.org", "-5"},
        {"credit", "add", "me@example.org", "0"},
        {"credit", "add", "me@example.org", "5", "--expires", "2020-01-01"},
        {"credit", "add", "me@example.org"},
        {"ledger"},
    };
    for (const auto& arguments : cases) {
        const Printed printed = run(arguments);
        EXPECT_EQ(printed.code, 2) << arguments[0] << ' ' << arguments.back() << printed.error;
        EXPECT_EQ(printed.out, "");
    }
    EXPECT_EQ(run({"credit", "add", "nobody@example.org", "5"}).code, 1);
    EXPECT_EQ(run({"usage", "summary", "--key", "nothing"}).code, 1);
    EXPECT_TRUE(run_json({"credit", "list", "me@example.org"}).at("lots").empty());
}

TEST(Csv, QuotesWhatHasToBeQuotedAndDisarmsFormulas) {
    const std::pair<const char*, const char*> rows[] = {
        {"plain", "plain"}, {"", ""},      {"a,b", "\"a,b\""}, {"a\"b", "\"a\"\"b\""}, {"a\nb", "\"a\nb\""},
        {"=1+1", "'=1+1"},  {"+1", "'+1"}, {"-1", "'-1"},      {"@x,y", "\"'@x,y\""},  {"a=b", "a=b"},
    };
    for (const auto& [text, field] : rows) EXPECT_EQ(csv_text(text), field);
}

} // namespace tollgate::app
