#include "storage/redis/link.hpp"
#include "tollgate/runtime/spawn.hpp"

#include "support/test_worker.hpp"

namespace tollgate::storage::redis {

namespace {

using namespace std::chrono_literals;
using testing::TestWorker;

struct Notes final : LinkObserver {
    void noticed(Fault fault, const std::string& text) override {
        faults.push_back(fault);
        last = text;
    }
    std::vector<Fault> faults{};
    std::string last{};
};

struct Sink final : ReplySink {
    void replied(base::Result<Reply> reply) override { replies.push_back(std::move(reply)); }
    std::vector<base::Result<Reply>> replies{};
};

/// A link over a pair of sockets whose far end is the test's.
class LinkTest : public ::testing::Test {
protected:
    void open(LinkRules rules = {.command_time = 10s}) {
        auto [mine, far] = testing::connected_sockets();
        peer_.emplace(std::move(far));
        link_.emplace(worker_.worker(), rules, notes_);
        link_->open(std::make_unique<runtime::Stream>(worker_.services(), std::move(mine)));
        worker_.start(serve());
    }
    runtime::Task<> serve() {
        const auto error = co_await link_->serve();
        ended_ = error.message;
    }
    runtime::Task<> ask(std::string word, std::vector<std::string>& answers) {
        const Command command{word};
        const auto reply = co_await link_->call(command);
        answers.push_back(reply ? reply->text : "error: " + reply.error().message);
    }

    TestWorker worker_;
    Notes notes_;
    std::optional<testing::Peer> peer_;
    std::optional<Link> link_;
    std::string ended_;
};

} // namespace

TEST_F(LinkTest, WritesTheCommandsOfOneTurnAtOnceAndMatchesRepliesInOrder) {
    open();
    std::vector<std::string> answers;
    for (const char* word : {"ONE", "TWO", "THREE"}) worker_.start(ask(word, answers));
    worker_.settle();
    EXPECT_EQ(peer_->read(), Command{"ONE"}.encode() + Command{"TWO"}.encode() + Command{"THREE"}.encode());
    peer_->write("+1\r\n+2\r\n");
    worker_.turn_until([&] { return answers.size() == 2; });
    peer_->write("+3\r\n");
    worker_.turn_until([&] { return answers.size() == 3; });
    EXPECT_EQ(answers, (std::vector<std::string>{"1", "2", "3"}));
    EXPECT_EQ(link_->commands(), 3U);
}

TEST_F(LinkTest, TakesRepliesInPieces) {
    open();
    std::vector<std::string> answers;
    worker_.start(ask("A", answers));
    worker_.settle();
    for (const char byte : std::string_view("$5\r\nhello\r\n")) {
        peer_->write(std::string_view(&byte, 1));
        worker_.settle();
    }
    worker_.turn_until([&] { return answers.size() == 1; });
    EXPECT_EQ(answers[0], "hello");
}

TEST_F(LinkTest, ACallerWhoGaveUpShiftsNobodysReply) {
    open();
    std::vector<std::string> answers;
    {
        runtime::Loop other; // its frames die with it, while they wait
        runtime::spawn(other, ask("GONE", answers), "who gives up");
        other.poll();
    }
    worker_.start(ask("STAYS", answers));
    worker_.settle();
    peer_->write("+for the one who left\r\n+for the one who stayed\r\n");
    worker_.turn_until([&] { return !answers.empty(); });
    EXPECT_EQ(answers, std::vector<std::string>{"for the one who stayed"});
}

TEST_F(LinkTest, EveryoneIsToldWhenTheConnectionBreaksInTheMiddleOfAReply) {
    open();
    std::vector<std::string> answers;
    worker_.start(ask("A", answers));
    worker_.start(ask("B", answers));
    worker_.settle();
    peer_->write("+done\r\n$10\r\nhal");
    peer_->close();
    worker_.turn_until([&] { return !ended_.empty() && answers.size() == 2; });
    EXPECT_EQ(answers[0], "done");
    EXPECT_TRUE(answers[1].starts_with("error: ")) << answers[1];
    EXPECT_FALSE(link_->is_open());
    worker_.start(ask("C", answers));
    worker_.turn_until([&] { return answers.size() == 3; });
    EXPECT_TRUE(answers[2].starts_with("error: "));
}

TEST_F(LinkTest, ASilentServerIsGivenUpAfterTheDeadlineOfTheOldestCommand) {
    open({.command_time = 20ms});
    std::vector<std::string> answers;
    worker_.start(ask("A", answers));
    worker_.start(ask("B", answers));
    worker_.turn_until([&] { return answers.size() == 2; });
    EXPECT_EQ(answers[0], "error: Redis did not answer in time");
    worker_.turn_until([&] { return !ended_.empty(); });
}

TEST_F(LinkTest, SurplusAndNonsenseEndTheConnection) {
    for (const char* bytes : {"+nobody asked\r\n", "HTTP/1.1 400 Bad Request\r\n"}) {
        ended_.clear();
        open();
        peer_->write(bytes);
        worker_.turn_until([&] { return !ended_.empty(); });
    }
}

TEST_F(LinkTest, MoreThanTheQueueHoldsIsRefusedAtOnce) {
    open({.command_time = 10s, .queue = 2});
    Sink sink;
    for (int i = 0; i < 3; ++i) link_->send(Command{"A"}, sink);
    ASSERT_EQ(sink.replies.size(), 1U);
    EXPECT_FALSE(sink.replies[0].has_value());
    worker_.settle();
    peer_->write("+1\r\n+2\r\n");
    worker_.turn_until([&] { return sink.replies.size() == 3; });
    EXPECT_TRUE(sink.replies[2].has_value());
}

TEST_F(LinkTest, ErrorRepliesAreToldToTheObserverToo) {
    open();
    Sink sink;
    link_->send(Command{"A"}, sink);
    worker_.settle();
    peer_->write("-READONLY You can't write\r\n");
    worker_.turn_until([&] { return sink.replies.size() == 1; });
    EXPECT_TRUE(sink.replies[0]->is_error());
    EXPECT_EQ(notes_.faults, std::vector<Fault>{Fault::demoted});
}

TEST_F(LinkTest, AWriteThatDoesNotFitGoesOnWhenThePeerReads) {
    open();
    Sink sink;
    const std::string big(4'000'000, 'x');
    for (int i = 0; i < 3; ++i) link_->send(Command{"SET", big}, sink);
    worker_.turn_until([&] { return peer_->read().size() == 3 * Command{"SET", big}.encode().size(); });
    peer_->write("+1\r\n+2\r\n+3\r\n");
    worker_.turn_until([&] { return sink.replies.size() == 3; });
}

} // namespace tollgate::storage::redis
