// Makes changes of keys and accounts known to every node before they are answered: a storage around the real
// one, whose key store and accounts write what they changed to Redis. Blocking, any thread, like the ports
// that it serves.
#pragma once

#include "tollgate/ports/storage.hpp"
#include "tollgate/storage/redis_settings.hpp"

#include <chrono>
#include <memory>

namespace tollgate::storage {

/// `inner` with a publisher over it. Where Redis cannot be told, a change is answered a second after its
/// commit: nodes have followed the database by then. If that cannot be asked any more, update() fails with
/// storage_unavailable although the change is saved; the caller repeats it.
std::unique_ptr<ports::Storage> publish_changes(std::unique_ptr<ports::Storage> inner, RedisSettings settings,
                                                std::chrono::milliseconds record_time);

} // namespace tollgate::storage
