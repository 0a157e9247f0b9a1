// What a turn has for an account in one command does what its steps do one by one: the same answers, and the
// same counters behind them.
#include "storage/redis/keyspace.hpp"
#include "storage/redis/quota_turn.hpp"
#include "storage/redis/scripts.hpp"
#include "support/redis_server.hpp"
#include "support/task_runner.hpp"
#include "support/test_worker.hpp"
#include "tollgate/runtime/blocking_pool.hpp"

#include <gtest/gtest.h>
#include <map>
#include <random>

namespace tollgate::storage::redis {

namespace {

using base::Money;
using domain::Demand;
using domain::PurseKind;
using std::chrono::seconds;

constexpr std::int64_t second_us = 1'000'000;

/// A connection without a store behind it, and what stands in Redis.
class Turning : public ::testing::Test {
protected:
    Turning() {
        client_.start();
        worker_.turn_until([this] { return client_.is_up(); });
    }

    Reply ask(Question question) {
        auto reply = tests::run_task(worker_.loop(), client_.ask(std::move(question)));
        if (reply) return *std::move(reply);
        ADD_FAILURE() << reply.error().message;
        return {};
    }
    Reply say(std::initializer_list<std::string_view> words) { return ask({.command = Command(words)}); }

    std::map<std::string, std::string> fields(const base::AccountId& account) {
        const Reply all = say({"HGETALL", quota_key(account)});
        std::map<std::string, std::string> result;
        for (std::size_t i = 0; i + 1 < all.elements.size(); i += 2)
            result[all.elements[i].text] = all.elements[i + 1].text;
        return result;
    }

    void warm(const base::AccountId& account, const std::string& purse) {
        EXPECT_EQ(teach(account, purse, open(account, "a hash")), 0);
    }
    /// The name of the account's hash.
    std::string open(const base::AccountId& account, const std::string& fresh_name) {
        Command opening = quota_scripts().open.command({quota_key(account)});
        opening.add(Numbers{1}.bytes()).add(fresh_name);
        const Reply opened = ask({.command = std::move(opening), .script = &quota_scripts().open});
        return opened.elements.size() == 2 ? opened.elements[1].text : "";
    }
    std::int64_t teach(const base::AccountId& account, const std::string& purse, const std::string& hash) {
        Command warming = quota_scripts().warm.command({quota_key(account)});
        warming.add(Numbers{1, now_us_, 0}.bytes()).add(purse_field(purse)).add(hash);
        return ask({.command = std::move(warming), .script = &quota_scripts().warm}).number(0);
    }

    testing::RedisServer server_;
    testing::TestWorker worker_;
    runtime::BlockingPool pool_{1, 16};
    runtime::Resolver resolver_{worker_.worker(), pool_};
    RedisSettings settings_ = [this] {
        auto settings = *parse_redis_url("redis://" + server_.address());
        settings.command_time = seconds(20);
        return settings;
    }();
    Client client_{{worker_.worker(), resolver_, settings_}, nullptr};
    std::int64_t now_us_ = 1'000'000 * second_us;
};

struct Steps {
    std::vector<EndStep> ends{};
    std::vector<Demand> demands{};
};

std::string describe(const DemandAnswer& answer) {
    std::string text;
    for (const std::int64_t number :
         {std::int64_t{answer.status}, std::int64_t{answer.why}, std::int64_t{answer.which}, answer.wait_us,
          answer.amount, answer.cold, answer.requests, answer.requests_reset_us, answer.spent,
          answer.reserved, answer.tokens, answer.tokens_reset_us})
        text += std::to_string(number) + " ";
    return text;
}

/// Steps of one account as they could come: many keys, limits that are met, repeats, strangers, late ends.
class RandomSteps {
public:
    explicit RandomSteps(unsigned seed) : random_(seed) {}

    Steps next() {
        Steps steps;
        used_.clear();
        for (auto i = up_to(6); i > 0; --i) add_end(steps);
        for (auto i = up_to(10); i > 0; --i) add_demand(steps);
        return steps;
    }
    std::int64_t up_to(std::int64_t most) {
        return std::uniform_int_distribution<std::int64_t>(0, most)(random_);
    }

    /// A demand of this key that is granted whatever the limits say.
    Demand probe(int key, const std::string& id) const {
        Demand demand{.id = base::RequestId(id),
                      .key_id = base::KeyId("key_" + std::to_string(key)),
                      .generation = static_cast<std::uint64_t>(calls_ / 200 + 1),
                      .is_just_read = true,
                      .rate_limit = 1'000'000};
        demand.token_limit = 1'000'000'000;
        demand.lease = seconds(1);
        return demand;
    }

private:
    void add_end(Steps& steps) {
        EndStep end{.cost = Money::of_micros(up_to(400)), .tokens = static_cast<std::uint64_t>(up_to(300))};
        if (!open_.empty() && up_to(9) > 0) {
            const auto index = static_cast<std::size_t>(up_to(std::ssize(open_) - 1));
            const Demand call = open_[index];
            if (up_to(9) > 0) open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(index));
            end.id = call.id;
            end.key = call.key_id;
            for (const auto& purse : call.purses) end.purses.push_back(purse.name);
        } else {
            end.id = base::RequestId("stranger_" + std::to_string(++calls_));
            end.key = base::KeyId("key_0");
            if (up_to(1) == 0) voided_.push_back(end.id.text());
        }
        if (up_to(9) == 0) end.kind = EndKind::given_up;
        if (end.kind == EndKind::given_up) end.cost = Money(), end.tokens = 0;
        if (is_new(end.id)) steps.ends.push_back(std::move(end));
    }

    void add_demand(Steps& steps) {
        const auto key = up_to(2);
        Demand demand{.id = base::RequestId("call_" + std::to_string(++calls_)),
                      .key_id = base::KeyId("key_" + std::to_string(key)),
                      .generation = static_cast<std::uint64_t>(calls_ / 200 + up_to(1)),
                      .is_just_read = up_to(2) > 0,
                      .rate_limit = static_cast<std::uint32_t>(20 + up_to(1) * 20)};
        if (key > 0) demand.token_limit = 5'000;
        if (key == 2) demand.key_concurrency = 8;
        demand.tokens = static_cast<std::uint64_t>(up_to(600));
        demand.account_concurrency = 25;
        demand.purses.push_back(
            {PurseKind::budget, "budget_" + std::to_string(key), Money::of_micros(30'000)});
        if (key != 1) demand.purses.push_back({PurseKind::wallet, "wallet", Money::of_micros(60'000)});
        if (up_to(30) == 0) demand.purses.push_back({PurseKind::budget, "unknown", Money::of_micros(1)});
        demand.bound = Money::of_micros(up_to(2'000));
        demand.minimum = Money::of_micros(up_to(demand.bound.micros()));
        demand.lease = seconds(1 + up_to(60));
        repeat_some(demand);
        if (!is_new(demand.id)) return;
        open_.push_back(demand);
        steps.demands.push_back(std::move(demand));
    }

    void repeat_some(Demand& demand) {
        if (up_to(14) == 0 && !open_.empty()) demand.id = open_.back().id; // of another key perhaps
        if (up_to(14) == 0 && !voided_.empty()) demand.id = base::RequestId(voided_.back());
    }
    bool is_new(const base::RequestId& id) { return used_.insert(id.text()).second; }

    std::mt19937 random_;
    std::vector<Demand> open_;
    std::vector<std::string> voided_;
    std::set<std::string> used_; // in this turn
    int calls_ = 0;
};

/// A demand of "key_1" with a limit of tokens.
Demand counted(const std::string& id) {
    Demand demand{
        .id = base::RequestId(id), .key_id = base::KeyId("key_1"), .is_just_read = true, .rate_limit = 100};
    demand.token_limit = 1'000;
    demand.tokens = 10;
    demand.lease = seconds(900);
    return demand;
}

class TurnHistory : public Turning, public ::testing::WithParamInterface<unsigned> {
protected:
    TurnHistory() {
        for (const auto* account : {&whole_, &single_}) {
            for (const char* purse : {"budget_0", "budget_1", "budget_2", "wallet"}) warm(*account, purse);
        }
    }

    std::vector<std::string> do_turn(const base::AccountId& account, const Steps& steps) {
        std::vector<const Demand*> demands;
        for (const Demand& demand : steps.demands) demands.push_back(&demand);
        auto [question, order] = ask_turn(
            {.account = account, .epoch = 1, .ends = steps.ends, .demands = demands}, {.now_us = now_us_});
        const Reply reply = ask(std::move(question));
        EXPECT_EQ(reply.kind, Reply::Kind::text) << reply.text;
        const auto answers = read_turn(reply.text, order.size());
        EXPECT_EQ(answers.size(), demands.size());
        std::vector<std::string> result(answers.size());
        for (std::size_t i = 0; i < answers.size(); ++i) result[order[i]] = describe(answers[i]);
        order_ = std::move(order);
        return result;
    }

    /// The same steps, each as a turn of its own.
    std::vector<std::string> do_one_by_one(const Steps& steps, std::vector<std::size_t> order) {
        for (const EndStep& end : steps.ends) do_turn(single_, {.ends = {end}});
        std::vector<std::string> result(steps.demands.size());
        for (const std::size_t i : order) result[i] = do_turn(single_, {.demands = {steps.demands[i]}}).at(0);
        return result;
    }

    /// Everything of an account that says something. Not: until when it is kept, when a purse was looked at,
    /// and where a window begins in its string, which depends on when somebody looked.
    std::map<std::string, std::string> state(const base::AccountId& account) {
        auto all = fields(account);
        for (auto& [name, value] : all) {
            if (name.starts_with("r") || name == "i") continue;
            auto numbers = read_numbers(value);
            if (name.starts_with("k")) {
                const std::string window = say({"GET", window_key(account, name.substr(1))}).text;
                const auto head = static_cast<std::size_t>(numbers.at(3)) * 16;
                EXPECT_EQ(window.size(), head + static_cast<std::size_t>(numbers.at(4)) * 16) << name;
                numbers.at(2) += numbers.at(3);
                numbers.at(3) = numbers.at(10) = 0;
                const auto entries = read_numbers(window.substr(std::min(head, window.size())));
                numbers.insert(numbers.end(), entries.begin(), entries.end());
            } else {
                numbers.at(3) = 0;
            }
            value.clear();
            for (const std::int64_t number : numbers) value += std::to_string(number) + " ";
        }
        return all;
    }

    static std::vector<std::int64_t> read_numbers(const std::string& packed) {
        std::vector<std::int64_t> numbers;
        for (Unpacker unpacker(packed); !unpacker.is_at_end();) numbers.push_back(unpacker.number());
        return numbers;
    }

    const base::AccountId whole_{"acc_whole"};
    const base::AccountId single_{"acc_single"};
    std::vector<std::size_t> order_;
};

} // namespace

TEST_P(TurnHistory, AnswersAndCountsAsItsStepsDoOneByOne) {
    RandomSteps random(GetParam());
    std::map<std::string, int> seen; // answers by their status
    for (int turn = 0; turn < 400; ++turn) {
        SCOPED_TRACE(turn);
        now_us_ += random.up_to(random.up_to(9) == 0 ? 20 * second_us : second_us / 2);
        const Steps steps = random.next();
        if (steps.ends.empty() && steps.demands.empty()) continue;
        const auto answers = do_turn(whole_, steps);
        const auto order = order_;
        ASSERT_EQ(answers, do_one_by_one(steps, order));
        for (const std::string& answer : answers) ++seen[answer.substr(0, answer.find(' '))];
        if (turn % 20 != 0) continue;
        Steps probes; // bring what is known of each key up to now
        for (int key = 0; key < 3; ++key)
            probes.demands.push_back(random.probe(key, "probe_" + std::to_string(turn * 3 + key)));
        const auto probed = do_turn(whole_, probes);
        ASSERT_EQ(probed, do_one_by_one(probes, order_));
        ASSERT_EQ(state(whole_), state(single_));
    }
    for (const char* status : {"0", "1", "2", "3", "5", "6"}) EXPECT_GT(seen[status], 0) << status;
}

TEST_F(Turning, AWindowThatIsLostCountsOnAsIfAllOfItHadComeWithItsLast) {
    const base::AccountId account("acc_1");
    const auto ask_for = [&](const std::string& id) {
        const Demand demand = counted(id);
        const Demand* const demands[] = {&demand};
        auto asked = ask_turn({.account = account, .epoch = 1, .demands = demands}, {.now_us = now_us_});
        const auto answers = read_turn(ask(std::move(asked.question)).text, 1);
        return answers.empty() ? DemandAnswer{.status = 99} : answers[0];
    };
    EXPECT_EQ(ask_for("r1").requests, 1);
    now_us_ += 20 * second_us;
    EXPECT_EQ(ask_for("r2").requests, 2);
    now_us_ += 10 * second_us;
    say({"DEL", window_key(account, "key_1")});
    EXPECT_EQ(ask_for("r3").requests, 3);
    now_us_ += 40 * second_us; // the first would have left
    const auto kept = ask_for("r4");
    EXPECT_EQ(kept.requests, 4);
    EXPECT_EQ(kept.tokens, 40);
    now_us_ += 10 * second_us; // the first two leave with the second
    const auto left = ask_for("r5");
    EXPECT_EQ(left.requests, 3);
    EXPECT_EQ(left.tokens, 30);
}

TEST_F(Turning, ATotalIsNotTakenByAHashThatWasMadeInPlaceOfTheOneThatWasOpened) {
    const base::AccountId account("acc_1");
    const std::string opened = open(account, "the first");
    EXPECT_EQ(open(account, "another"), "the first");
    say({"FLUSHALL"});                   // behind the look at the mark
    const Demand demand = counted("r1"); // of a key without a budget
    const Demand* const demands[] = {&demand};
    ask(ask_turn({.account = account, .epoch = 1, .demands = demands}, {.now_us = now_us_}).question);
    ASSERT_TRUE(fields(account).contains("a"));
    EXPECT_EQ(teach(account, "budget", opened), 2);
    EXPECT_EQ(open(account, "the second"), "the second");
    EXPECT_EQ(teach(account, "budget", opened), 2);
    EXPECT_EQ(teach(account, "budget", "the second"), 0);
}

INSTANTIATE_TEST_SUITE_P(Seeds, TurnHistory, ::testing::Range(1U, 6U));

} // namespace tollgate::storage::redis
