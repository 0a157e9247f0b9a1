// From a server's name to a stream to it, with TLS where the settings say so. One worker.
#pragma once

#include "tollgate/runtime/resolver.hpp"
#include "tollgate/runtime/stream.hpp"
#include "tollgate/storage/redis_settings.hpp"

#include <memory>

namespace tollgate::storage::redis {

struct NodeServices {
    runtime::Worker& worker;
    runtime::Resolver& resolver;
    const RedisSettings& settings; // outlives everything here
};

/// Within settings.connect_time, tried at each of the name's addresses. Error: storage_unavailable.
runtime::Task<base::Result<std::unique_ptr<runtime::Stream>>> dial(NodeServices services, RedisServer server);

} // namespace tollgate::storage::redis
