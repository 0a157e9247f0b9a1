// Keeps a connection to one Redis server: finds out where it is, connects, says who we are, and begins again
// after a pause when it breaks. While it is down, asking costs nothing. One worker, its thread.
#pragma once

#include "storage/redis/dial.hpp"
#include "storage/redis/link.hpp"
#include "storage/redis/server_state.hpp"
#include "tollgate/storage/redis_settings.hpp"

#include <string>

namespace tollgate::storage::redis {

/// Says where the server is at the moment.
class Locator {
public:
    virtual runtime::Task<base::Result<RedisServer>> locate() = 0;

protected:
    ~Locator() = default;
};

class Node;

/// Has a look at a server before it is used. An error keeps it from being used.
class Greeter {
public:
    virtual runtime::Task<base::Result<void>> greet(Node& node) = 0;

protected:
    ~Greeter() = default;
};

/// What is wrong; a configuration that the server refuses does not heal alone.
enum class NodeTrouble { none, down, refused };

class Node final : public LinkObserver {
public:
    Node(NodeServices services, Locator& locator, Greeter& greeter);

    /// Begins to connect; call it once. The node lives as long as the worker's loop.
    void start();

    bool is_up() const { return is_up_ && link_.is_open(); }
    base::SteadyTime down_since() const { return down_since_; } // while it is not up
    Link& link() { return link_; }
    const RedisServer& server() const { return server_; } // as located last
    const ServerState& state() const { return state_; }

    /// What the server's clock shows about now, in microseconds.
    std::int64_t server_now_us() const;
    NodeTrouble trouble() const { return trouble_; }
    const std::string& reason() const { return reason_; }

    /// Drops the connection: the server is not what it should be.
    void reject(std::string reason) { link_.fail(std::move(reason)); }

    void noticed(Fault fault, const std::string& text) override;

private:
    static runtime::Task<> keep(Node& node);
    static runtime::Task<> introduce(Node& node);
    runtime::Task<base::Result<void>> connect();
    runtime::Task<base::Result<void>> say_hello();
    runtime::Task<base::Result<Reply>> say(Command command);
    void became_up();
    void became_down(const std::string& reason);
    std::chrono::milliseconds next_pause();

    NodeServices services_;
    Locator& locator_;
    Greeter& greeter_;
    Link link_;
    RedisServer server_{};
    ServerState state_{};
    NodeTrouble trouble_ = NodeTrouble::down;
    std::string reason_{"not connected yet"};
    base::SteadyTime asked_at_{}; // for state_
    base::SteadyTime up_since_{};
    base::SteadyTime down_since_;
    std::chrono::milliseconds pause_{0};
    runtime::Wakeup introduced_;
    bool is_up_ = false;
    bool is_introducing_ = false;
    bool is_refused_ = false;
};

} // namespace tollgate::storage::redis
