// Redis as one worker sees it, be it one server, a master that sentinels name, or a cluster: sends a command
// to the server that has its key, follows redirections, gives a script's text to a server that does not know
// it.
#pragma once

#include "storage/redis/node.hpp"
#include "storage/redis/script.hpp"
#include "storage/redis/sentinel.hpp"
#include "storage/redis/slot.hpp"

#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::storage::redis {

/// One question to Redis. The key says which server; the script, if there is one, what to do about NOSCRIPT.
struct Question {
    std::string key{};
    Command command;
    const Script* script = nullptr;
};

class Client final : public Greeter {
public:
    /// `greeter` may be empty; it and the services outlive the client, the client outlives its questions.
    Client(NodeServices services, Greeter* greeter);
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    ~Client();

    /// Begins to connect; call it once, on the loop's thread or before it runs.
    void start();

    /// Is there a server for every key?
    bool is_up() const;
    bool is_up_for(std::string_view key);
    NodeTrouble trouble() const;
    std::string reason() const;

    /// The reply, which may be an error reply. Error: storage_unavailable. The caller's frame may be
    /// destroyed while it waits.
    runtime::Task<base::Result<Reply>> ask(Question question);

    /// The same without waiting: tells `sink` once, unless the client dies before.
    void tell(Question question, ReplySink& sink);

    /// What was told in this turn of the loop leaves now instead of at its end.
    void flush();

    /// How many questions may wait for their answers.
    std::size_t queue() const { return services_.settings.queue; }

    /// The server that has this key; nullptr: not known.
    Node* node_for(std::string_view key);

    /// Those that are up and have keys, in no order.
    std::vector<Node*> masters();

    /// `name`, with a hash tag that puts it on this server where there are several.
    std::string key_on(const Node& node, const std::string& name) const;
    std::uint64_t commands() const;

private:
    class Telling;
    class Answer;
    class FixedLocator final : public Locator {
    public:
        explicit FixedLocator(RedisServer server) : server_(std::move(server)) {}
        runtime::Task<base::Result<RedisServer>> locate() override { co_return server_; }

    private:
        RedisServer server_;
    };

    std::vector<Node*> nodes();
    Node& node_at(const RedisServer& server);
    Node& follow(const Redirection& redirection, const Node& from);
    Telling& begin(Question question, ReplySink& sink);
    runtime::Task<base::Result<void>> greet(Node& node) override;
    static runtime::Task<> watch_master(Client& client);
    static runtime::Task<> watch_slots(Client& client);
    runtime::Task<> read_slots();
    void learn_slots(const Reply& reply);

    NodeServices services_;
    Greeter* greeter_;
    SentinelLocator sentinels_;
    std::list<Telling> tellings_; // dies after the nodes, which tell what is left
    std::map<std::string, std::unique_ptr<FixedLocator>> locators_; // cluster: by server, never removed
    std::map<std::string, std::unique_ptr<Node>> nodes_;
    std::vector<Node*> slots_; // cluster: by slot; empty while the map is not known
    runtime::Signal slots_are_wrong_;
};

} // namespace tollgate::storage::redis
