#include "storage/redis/quota_turn.hpp"

namespace tollgate::storage::redis {

namespace {

using base::Money;
using domain::Demand;

Demand demand(const std::string& id, const std::string& key, std::int64_t cap) {
    Demand demand{.id = base::RequestId(id), .key_id = base::KeyId(key), .rate_limit = 10};
    demand.purses = {{.name = "b_" + key, .cap = Money::of_micros(cap)}};
    return demand;
}

EndStep end(const std::string& id, const std::string& key) {
    return {.id = base::RequestId(id), .key = base::KeyId(key), .purses = {"b_" + key}};
}

/// The words of the command from behind the script's name, without the packed steps.
std::vector<std::string> names(const Command& command) {
    std::vector<std::string> result;
    const auto keys = std::stoul(std::string(command.word(2)));
    for (std::size_t i = 2; i < command.size(); ++i) {
        if (i != 3 + keys) result.emplace_back(command.word(i));
    }
    return result;
}

} // namespace

TEST(QuotaTurn, NamesEachFieldOnceAndPutsDemandsThatAreAlikeTogether) {
    const std::vector<EndStep> ends = {end("r1", "x"), end("r2", "y")};
    const std::vector<Demand> demands = {demand("r3", "x", 5), demand("r4", "z", 5), demand("r5", "x", 6),
                                         demand("r6", "x", 5)};
    std::vector<const Demand*> pointers;
    for (const Demand& each : demands) pointers.push_back(&each);
    const auto asked =
        ask_turn({.account = base::AccountId("a"), .epoch = 7, .ends = ends, .demands = pointers}, {});
    EXPECT_EQ(asked.question.key, "tollgate:q:{a}");
    EXPECT_EQ(asked.order, (std::vector<std::size_t>{0, 3, 1, 2}));
    EXPECT_EQ(names(asked.question.command),
              (std::vector<std::string>{"4", "tollgate:q:{a}", "tollgate:w:{a}:x", "tollgate:w:{a}:y",
                                        "tollgate:w:{a}:z", "pb_x", "pb_y", "pb_z", "kx", "ky", "kz", "rr1",
                                        "rr2", "rr3", "rr6", "rr4", "rr5"}));
}

TEST(QuotaTurn, ReadsAnswersOneBehindTheOther) {
    Packer packer;
    packer.byte(16).number(5).number(1).number(60'000'000).number(7).number(5).number(3).number(9);
    packer.byte(3);
    packer.byte(1).byte(2).byte(1).number(4);
    for (int i = 0; i < 4; ++i) packer.number(0);
    packer.byte(2).number(2);
    const auto answers = read_turn(packer.bytes(), 4);
    ASSERT_EQ(answers.size(), 4U);
    EXPECT_EQ(answers[0].amount, 5);
    EXPECT_EQ(answers[0].tokens, 3);
    EXPECT_EQ(answers[0].tokens_reset_us, 9);
    EXPECT_EQ(answers[1].status, 3);
    EXPECT_EQ(answers[2].why, 2);
    EXPECT_EQ(answers[2].wait_us, 4);
    Demand asked = demand("r1", "x", 5);
    asked.purses.push_back({.name = "other"});
    const auto cold = read_answer(asked, answers[3]);
    EXPECT_EQ(std::get<domain::Cold>(std::get<domain::Decision>(cold)).purses,
              std::vector<std::string>{"other"});
}

TEST(QuotaTurn, TakesNothingFromAnAnswerThatMakesNoSense) {
    Packer packer;
    packer.byte(0).number(5);
    EXPECT_TRUE(read_turn(packer.bytes(), 1).empty());         // too short
    EXPECT_TRUE(read_turn(std::string(2, '\x03'), 1).empty()); // more than was asked for
    EXPECT_TRUE(std::holds_alternative<NotDone>(read_answer({}, DemandAnswer{.status = 9})));
}

} // namespace tollgate::storage::redis
