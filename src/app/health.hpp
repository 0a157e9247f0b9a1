// What the health endpoints say (contract §7). The control thread sets it, workers read it.
#pragma once

#include "tollgate/runtime/task.hpp"

#include <atomic>
#include <map>
#include <string>
#include <string_view>

namespace tollgate::http {
class Exchange;
}

namespace tollgate::app {

/// Could a store be asked, the last time somebody tried?
enum class Reach { ok, failed };

/// Where limits are counted, and how well.
enum class RedisState { not_configured, ok, rebuilding, local, unreachable, refused };
std::string_view to_string(RedisState state);

class Health {
public:
    void set_redis(RedisState state) { redis_.store(state, std::memory_order_relaxed); }
    void set_database(Reach reach) { database_.store(reach == Reach::ok, std::memory_order_relaxed); }
    void set_journal(Reach reach) { journal_.store(reach == Reach::ok, std::memory_order_relaxed); }
    void set_draining() { draining_.store(true, std::memory_order_relaxed); }

    bool is_ready() const;
    std::string body() const;
    /// The parts by name, as body() says them; Redis only where it is configured.
    std::map<std::string, std::string> parts() const;

    /// Answers /health, /health/live and /health/ready; false: it is another path.
    static bool serves(std::string_view path);
    runtime::Task<> serve(http::Exchange& exchange) const;

private:
    std::atomic<bool> database_{true};
    std::atomic<bool> journal_{true};
    std::atomic<RedisState> redis_{RedisState::not_configured};
    std::atomic<bool> draining_{false};
};

} // namespace tollgate::app
