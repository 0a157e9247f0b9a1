// Hears of changes of keys made by anybody (NOTIFY by trigger), over a connection of its own that is not of
// the pool. Behind a pooler notices do not come through: then it says so, and the caller asks by himself.
// Owned by PostgresKeyStore, used by one thread.
#pragma once

#include "storage/postgres/connection.hpp"
#include "tollgate/ports/key_store.hpp"
#include "tollgate/storage/postgres_storage.hpp"

#include <memory>

namespace tollgate::storage::postgres {

class ChangeBell {
public:
    explicit ChangeBell(const PostgresSettings& settings) : settings_(settings) {}

    /// Waits for a notice; after every new connection it says `change`, because one may have been missed.
    ports::Told await(std::chrono::milliseconds limit);

private:
    ports::Told connect();
    ports::Told listen(std::chrono::milliseconds limit);
    bool is_pooled();

    const PostgresSettings& settings_;
    std::unique_ptr<Connection> connection_;
    bool is_deaf_ = false; // a pooler stands between
    base::SteadyTime next_attempt_{};
};

} // namespace tollgate::storage::postgres
