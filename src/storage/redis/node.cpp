#include "storage/redis/node.hpp"

#include "tollgate/runtime/clock.hpp"
#include "tollgate/runtime/sleep.hpp"
#include "tollgate/runtime/spawn.hpp"
#include "tollgate/telemetry/log.hpp"

#include <algorithm>
#include <random>
#include <utility>

namespace tollgate::storage::redis {

using base::Result;
using runtime::Task;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds first_pause{25};
constexpr milliseconds longest_pause{1'000};
constexpr std::chrono::seconds steady_time{5}; // a connection that held so long was a good one

std::unexpected<base::Error> unusable(std::string reason) {
    return base::fail(base::ErrorCode::storage_unavailable, base::ErrorSource::storage, std::move(reason));
}

} // namespace

Node::Node(NodeServices services, Locator& locator, Greeter& greeter)
    : services_(services),
      locator_(locator),
      greeter_(greeter),
      link_(services.worker,
            {.command_time = services.settings.command_time, .queue = services.settings.queue}, *this),
      down_since_(runtime::steady_now()) {}

void Node::start() {
    runtime::spawn(services_.worker.loop(), keep(*this), "redis");
}

Task<> Node::keep(Node& node) {
    for (;;) {
        const auto connected = co_await node.connect();
        std::string reason = connected ? "" : connected.error().message;
        if (connected) {
            node.is_introducing_ = true;
            node.is_refused_ = false;
            runtime::spawn(node.services_.worker.loop(), introduce(node), "redis hello");
            const auto ended = co_await node.link_.serve();
            reason = ended.message;
            while (node.is_introducing_) co_await node.introduced_.wait();
        }
        node.became_down(reason);
        const milliseconds time = node.next_pause();
        co_await runtime::pause(node.services_.worker.loop(), time);
    }
}

Task<Result<void>> Node::connect() {
    auto server = co_await locator_.locate();
    if (!server) co_return std::unexpected(server.error());
    server_ = std::move(*server);
    RedisServer target = server_;
    auto stream = co_await dial(services_, std::move(target));
    if (!stream) co_return std::unexpected(stream.error());
    link_.open(std::move(*stream));
    co_return Result<void>();
}

Task<> Node::introduce(Node& node) {
    auto greeted = co_await node.say_hello();
    if (greeted) greeted = co_await node.greeter_.greet(node);
    if (greeted && node.link_.is_open()) {
        node.became_up();
    } else {
        node.link_.fail(greeted ? "the connection was closed" : greeted.error().message);
    }
    node.is_introducing_ = false;
    node.introduced_.wake();
}

Task<Result<void>> Node::say_hello() {
    const RedisSettings& settings = services_.settings;
    if (!settings.password.empty()) {
        Command login{"AUTH"};
        if (!settings.user.empty()) login.add(settings.user);
        login.add(settings.password.expose());
        const auto said = co_await say(std::move(login));
        if (!said) co_return std::unexpected(said.error());
    }
    if (settings.database != 0) {
        Command choice{"SELECT", std::to_string(settings.database)};
        const auto said = co_await say(std::move(choice));
        if (!said) co_return std::unexpected(said.error());
    }
    Command question{"INFO"};
    const auto info = co_await say(std::move(question));
    if (!info) co_return std::unexpected(info.error());
    state_ = parse_server_state(info->text);
    asked_at_ = runtime::steady_now();
    if (state_.is_loading) co_return unusable("Redis is loading its data");
    co_return Result<void>();
}

std::int64_t Node::server_now_us() const {
    return state_.time_us +
           std::chrono::duration_cast<std::chrono::microseconds>(runtime::steady_now() - asked_at_).count();
}

Task<Result<Reply>> Node::say(Command command) {
    auto reply = co_await link_.call(command);
    if (reply && reply->is_error()) co_return unusable(std::string(command.word(0)) + ": " + reply->text);
    co_return reply;
}

void Node::noticed(Fault fault, const std::string& text) {
    switch (fault) {
    case Fault::refused: is_refused_ = true; break;
    case Fault::sick: telemetry::log_error("Redis needs help", {{"reason", std::string_view(text)}}); break;
    case Fault::down:
    case Fault::demoted: break;
    default: return;
    }
    link_.fail(text);
}

void Node::became_up() {
    is_up_ = true;
    up_since_ = runtime::steady_now();
    trouble_ = NodeTrouble::none;
    reason_.clear();
    const std::string where = to_string(server_);
    telemetry::log_info("Redis is connected", {{"server", std::string_view(where)}});
}

void Node::became_down(const std::string& reason) {
    const NodeTrouble trouble = is_refused_ ? NodeTrouble::refused : NodeTrouble::down;
    const bool is_news = is_up_ || trouble != trouble_ || reason_ != reason;
    if (is_up_ && runtime::steady_now() - up_since_ > steady_time) pause_ = milliseconds(0);
    if (is_up_) down_since_ = runtime::steady_now();
    is_up_ = false;
    trouble_ = trouble;
    reason_ = reason;
    if (!is_news) return;
    const std::string where = to_string(server_);
    telemetry::log_warn("Redis cannot be used",
                        {{"server", std::string_view(where)}, {"reason", std::string_view(reason)}});
}

/// Doubling up to a second, and a random part of it, so that workers and nodes do not come all at once.
milliseconds Node::next_pause() {
    thread_local std::minstd_rand random{std::random_device{}()};
    pause_ = std::clamp(pause_ * 2, first_pause, longest_pause);
    return pause_ / 2 +
           milliseconds(std::uniform_int_distribution<std::int64_t>(0, pause_.count() / 2)(random));
}

} // namespace tollgate::storage::redis
