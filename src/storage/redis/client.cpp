#include "storage/redis/client.hpp"

#include "tollgate/runtime/sleep.hpp"
#include "tollgate/runtime/spawn.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace tollgate::storage::redis {

using base::Result;
using runtime::Task;

namespace {

constexpr int most_hops = 4; // NOSCRIPT, a move, an ASK, and one more
constexpr std::chrono::seconds master_watch_period{1};
constexpr std::chrono::seconds slot_watch_period{2};
constexpr std::chrono::milliseconds slot_pause{50};

std::unexpected<base::Error> not_there() {
    return base::fail(base::Error{.code = base::ErrorCode::storage_unavailable,
                                  .source = base::ErrorSource::storage,
                                  .retry = base::Retry::maybe,
                                  .message = "Redis is not reachable",
                                  .retry_after = std::chrono::seconds(1)});
}

std::unexpected<base::Error> unusable(std::string reason) {
    return base::fail(base::ErrorCode::storage_unavailable, base::ErrorSource::storage, std::move(reason));
}

} // namespace

/// One question on its way, until there is an answer that no repeat would change. The client owns it.
class Client::Telling final : public ReplySink {
public:
    Telling(Client& client, Question question, ReplySink& sink)
        : client_(client), question_(std::move(question)), sink_(&sink) {}

    void send(Node* node) {
        node_ = node;
        if (node_ == nullptr || !node_->is_up()) return finish(not_there());
        node_->link().send(question_.command, *this);
    }

    /// Nobody wants to know any more.
    void forget_sink() { sink_ = nullptr; }
    void stand_at(std::list<Telling>::iterator place) { place_ = place; }

    void replied(Result<Reply> reply) override {
        if (!reply || !reply->is_error() || ++hops_ >= most_hops) return finish(std::move(reply));
        const Fault fault = judge(reply->text);
        if (fault == Fault::no_script && question_.script != nullptr) {
            question_.command = question_.script->with_text(question_.command);
            return send(node_);
        }
        const auto redirection = fault == Fault::moved ? find_redirection(reply->text) : std::nullopt;
        if (!redirection) return finish(std::move(reply));
        Node& next = client_.follow(*redirection, *node_);
        if (!redirection->is_lasting && next.is_up()) next.link().send(Command{"ASKING"}, dropped);
        send(&next);
    }

private:
    void finish(Result<Reply> reply) {
        ReplySink* sink = sink_;
        client_.tellings_.erase(place_); // the end of this
        if (sink != nullptr) sink->replied(std::move(reply));
    }

    static inline NobodyWaits dropped{};
    Client& client_;
    Question question_;
    ReplySink* sink_;
    std::list<Telling>::iterator place_{};
    Node* node_ = nullptr;
    int hops_ = 0;
};

/// A coroutine that waits for its answer; its frame may die before the answer comes.
class Client::Answer final : public ReplySink {
public:
    Answer() = default;
    Answer(const Answer&) = delete;
    Answer& operator=(const Answer&) = delete;
    ~Answer() {
        if (telling_ != nullptr) telling_->forget_sink();
    }

    void await(Telling* telling) {
        if (!reply_) telling_ = telling;
    }
    void replied(Result<Reply> reply) override {
        telling_ = nullptr;
        reply_ = std::move(reply);
        wakeup_.wake();
    }
    Task<> wait() { co_await wakeup_.wait(); }
    Result<Reply> take() { return std::move(*reply_); }

private:
    Telling* telling_ = nullptr;
    std::optional<Result<Reply>> reply_;
    runtime::Wakeup wakeup_;
};

Client::Client(NodeServices services, Greeter* greeter)
    : services_(services), greeter_(greeter), sentinels_(services) {
    if (services_.settings.kind == RedisKind::sentinel) {
        nodes_.emplace("master", std::make_unique<Node>(services_, sentinels_, *this));
        return;
    }
    for (const RedisServer& server : services_.settings.servers) node_at(server);
}

Client::~Client() = default;

void Client::start() {
    runtime::Loop& loop = services_.worker.loop();
    switch (services_.settings.kind) {
    case RedisKind::single: break;
    case RedisKind::sentinel: runtime::spawn(loop, watch_master(*this), "redis sentinel"); break;
    case RedisKind::cluster: runtime::spawn(loop, watch_slots(*this), "redis cluster"); break;
    }
    for (const auto& [name, node] : nodes_) node->start();
}

bool Client::is_up() const {
    if (services_.settings.kind != RedisKind::cluster) return nodes_.begin()->second->is_up();
    return !slots_.empty() &&
           std::ranges::all_of(slots_, [](const Node* node) { return node != nullptr && node->is_up(); });
}

bool Client::is_up_for(std::string_view key) {
    const Node* node = node_for(key);
    return node != nullptr && node->is_up();
}

NodeTrouble Client::trouble() const {
    auto worst = is_up() ? NodeTrouble::none : NodeTrouble::down;
    for (const auto& [name, node] : nodes_) {
        if (node->trouble() == NodeTrouble::refused) worst = NodeTrouble::refused;
    }
    return worst;
}

std::string Client::reason() const {
    for (const auto& [name, node] : nodes_) {
        if (!node->is_up()) return node->reason();
    }
    return is_up() ? "" : "the cluster's slots are not all served";
}

Task<Result<Reply>> Client::ask(Question question) {
    Answer answer;
    answer.await(&begin(std::move(question), answer));
    co_await answer.wait();
    co_return answer.take();
}

void Client::tell(Question question, ReplySink& sink) {
    begin(std::move(question), sink);
}

void Client::flush() {
    for (const auto& [name, node] : nodes_) node->link().flush();
}

/// What is returned is gone already if the sink was told within this call.
Client::Telling& Client::begin(Question question, ReplySink& sink) {
    Node* node = node_for(question.key);
    Telling& telling = tellings_.emplace_back(*this, std::move(question), sink);
    telling.stand_at(std::prev(tellings_.end()));
    telling.send(node);
    return telling;
}

Task<Result<void>> Client::greet(Node& node) {
    if (services_.settings.kind == RedisKind::cluster) {
        const Command question{"CLUSTER", "SLOTS"};
        const auto slots = co_await node.link().call(question);
        if (!slots) co_return std::unexpected(slots.error());
        if (slots->is_error()) co_return unusable("CLUSTER SLOTS: " + slots->text);
        learn_slots(*slots);
    }
    if (!node.state().is_master()) co_return unusable("this Redis is a replica: only its master may be used");
    if (node.state().may_evict()) co_return unusable(eviction_complaint(node.state()));
    if (greeter_ != nullptr) co_return co_await greeter_->greet(node);
    co_return Result<void>();
}

std::vector<Node*> Client::nodes() {
    std::vector<Node*> all;
    for (const auto& [name, node] : nodes_) all.push_back(node.get());
    return all;
}

std::vector<Node*> Client::masters() {
    std::vector<Node*> up;
    for (Node* node : nodes()) {
        const bool has_keys =
            services_.settings.kind != RedisKind::cluster || std::ranges::find(slots_, node) != slots_.end();
        if (node->is_up() && has_keys) up.push_back(node);
    }
    return up;
}

std::string Client::key_on(const Node& node, const std::string& name) const {
    if (services_.settings.kind != RedisKind::cluster) return name;
    for (int tag = 0;; ++tag) {
        std::string key = name + ":{" + std::to_string(tag) + "}";
        if (slots_.empty() || slots_[slot_of(key)] == &node) return key;
    }
}

std::uint64_t Client::commands() const {
    std::uint64_t sum = 0;
    for (const auto& [name, node] : nodes_) sum += node->link().commands();
    return sum;
}

Node* Client::node_for(std::string_view key) {
    if (services_.settings.kind != RedisKind::cluster) return nodes_.begin()->second.get();
    return slots_.empty() ? nullptr : slots_[slot_of(key)];
}

Node& Client::node_at(const RedisServer& server) {
    const std::string name = to_string(server);
    auto& node = nodes_[name];
    if (!node) {
        auto& locator = locators_[name] = std::make_unique<FixedLocator>(server);
        node = std::make_unique<Node>(services_, *locator, *this);
    }
    return *node;
}

Node& Client::follow(const Redirection& redirection, const Node& from) {
    RedisServer server{.host = redirection.host.empty() ? from.server().host : redirection.host,
                       .port = redirection.port};
    const bool is_new = !nodes_.contains(to_string(server));
    Node& node = node_at(server);
    if (is_new) node.start();
    if (redirection.is_lasting) {
        if (!slots_.empty()) slots_[redirection.slot % slot_count] = &node;
        slots_are_wrong_.raise();
    }
    return node;
}

/// A master that was cut off from its sentinels may go on for us alone: ask them from time to time.
Task<> Client::watch_master(Client& client) {
    for (;;) {
        co_await runtime::pause(client.services_.worker.loop(), master_watch_period);
        Node& node = *client.nodes_.begin()->second;
        if (!node.is_up()) continue;
        const auto master = co_await client.sentinels_.locate();
        if (master && *master != node.server() && node.is_up())
            node.reject("the sentinels name another master");
    }
}

Task<> Client::watch_slots(Client& client) {
    for (;;) {
        co_await client.read_slots();
        const bool is_known = client.is_up();
        if (!is_known) co_await runtime::pause(client.services_.worker.loop(), slot_pause);
        const auto wait = is_known ? std::chrono::milliseconds(slot_watch_period) : slot_pause;
        const auto raised = co_await client.slots_are_wrong_.wait(client.services_.worker.deadlines(), wait,
                                                                  base::ErrorCode::cancelled);
        static_cast<void>(raised);
    }
}

Task<> Client::read_slots() {
    for (Node* node : nodes()) {
        if (!node->is_up()) continue;
        const Command question{"CLUSTER", "SLOTS"};
        const auto reply = co_await node->link().call(question);
        if (!reply || reply->elements.empty()) continue;
        learn_slots(*reply);
        co_return;
    }
}

/// [[first, last, [host, port, id], replicas…], …]
void Client::learn_slots(const Reply& reply) {
    std::vector<Node*> slots(slot_count, nullptr);
    for (const Reply& range : reply.elements) {
        if (range.elements.size() < 3 || range.elements[2].elements.size() < 2) continue;
        RedisServer server{.host = range.elements[2].elements[0].text,
                           .port = static_cast<std::uint16_t>(range.elements[2].elements[1].integer)};
        if (server.host.empty()) server.host = services_.settings.servers[0].host;
        const bool is_new = !nodes_.contains(to_string(server));
        Node& node = node_at(server);
        if (is_new) node.start();
        for (auto slot = range.number(0); slot <= range.number(1) && slot < slot_count; ++slot)
            slots[static_cast<std::size_t>(slot)] = &node;
    }
    slots_ = std::move(slots);
}

} // namespace tollgate::storage::redis
