// Names to addresses, remembered for a minute; one lookup at a time for each name, off the worker. One per
// worker.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/runtime/blocking_pool.hpp"
#include "tollgate/runtime/dial.hpp"
#include "tollgate/runtime/signal.hpp"
#include "tollgate/runtime/worker.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tollgate::runtime {

class Resolver {
public:
    Resolver(Worker& worker, BlockingPool& pool) : worker_(worker), pool_(pool) {}

    /// Addresses of `host` with `port`, in the system's order, at least one. Error: connection_closed with
    /// the resolver's reason, connect_timeout.
    Task<base::Result<std::vector<SocketAddress>>> resolve(std::string host, std::uint16_t port,
                                                           std::chrono::milliseconds limit);

private:
    using Addresses = base::Result<std::vector<SocketAddress>>;
    struct Entry {
        Addresses addresses{};
        base::SteadyTime good_until{};
        bool in_flight = false;
        Signal answered{};
    };

    static Task<> look_up(Resolver& resolver, std::string name, std::string host, std::uint16_t port);

    Worker& worker_;
    BlockingPool& pool_;
    std::map<std::string, std::unique_ptr<Entry>> entries_; // bounded by the number of configured servers
};

} // namespace tollgate::runtime
