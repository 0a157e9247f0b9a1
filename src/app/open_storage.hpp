// Opens the storage that the configuration names.
#pragma once

#include "tollgate/config/config.hpp"
#include "tollgate/ports/storage.hpp"
#include "tollgate/storage/migrate.hpp"

#include <memory>

namespace tollgate::app {

/// Error: storage_unavailable, saying what to do; Retry::maybe where a later attempt may succeed.
base::Result<std::unique_ptr<ports::Storage>> open_storage(const config::Storage& settings,
                                                           storage::Migrate migrate);

/// As storage.migrate says.
base::Result<std::unique_ptr<ports::Storage>> open_storage(const config::Storage& settings);

} // namespace tollgate::app
