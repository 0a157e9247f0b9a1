// BEGIN … COMMIT on a connection of the pool. What a session could keep is set for the transaction alone, so
// that it works through a pooler. On the stack of the thread that has the connection.
#pragma once

#include "storage/postgres/connection.hpp"

#include <chrono>

namespace tollgate::storage::postgres {

enum class Access {
    look_up,  // one statement that reads: no transaction of its own
    snapshot, // reads one state of the database
    write,
};

class Transaction {
public:
    /// `statement_timeout` is the server's own limit, for when it works and we have given up.
    Transaction(Connection& connection, Access access, std::chrono::milliseconds statement_timeout);
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction() = default; // unless it was ended, the connection must be closed

    void commit();
    void roll_back();

    /// The COMMIT was sent: if its answer was lost, nobody knows whether it holds.
    bool is_committing() const { return is_committing_; }

private:
    Connection& connection_;
    Access access_;
    bool is_committing_ = false;
};

} // namespace tollgate::storage::postgres
