// Makes changes of keys and accounts known to every node before they are answered: a storage around the real
// one, whose key store and accounts write what they changed to Redis. Blocking, any thread, like the ports
// that it serves.
#pragma once

#include "tollgate/ports/storage.hpp"
#include "tollgate/storage/redis_settings.hpp"

#include <chrono>
#include <memory>

namespace tollgate::storage {

/// `inner` with a publisher over it. Without Redis a change is answered all the same: nodes follow the
/// database within a second.
std::unique_ptr<ports::Storage> publish_changes(std::unique_ptr<ports::Storage> inner, RedisSettings settings,
                                                std::chrono::milliseconds record_time);

} // namespace tollgate::storage
