#include "storage/postgres/transaction.hpp"

namespace tollgate::storage::postgres {

Transaction::Transaction(Connection& connection, Access access, std::chrono::milliseconds statement_timeout)
    : connection_(connection), access_(access) {
    if (access_ == Access::look_up) return;
    const std::string limit = std::to_string(statement_timeout.count());
    // Not READ WRITE: a standby must answer 25006, and it does so to the first statement that writes.
    const std::string mode = access_ == Access::write ? "READ COMMITTED" : "REPEATABLE READ READ ONLY";
    // A process that is stopped in the middle must not keep its locks for ever.
    connection_.execute("BEGIN ISOLATION LEVEL " + mode + "; SET LOCAL statement_timeout = " + limit +
                        "; SET LOCAL idle_in_transaction_session_timeout = 60000");
}

void Transaction::commit() {
    if (access_ == Access::look_up) return;
    is_committing_ = access_ == Access::write;
    connection_.execute("COMMIT");
    is_committing_ = false;
}

void Transaction::roll_back() {
    if (access_ != Access::look_up) connection_.execute("ROLLBACK");
}

} // namespace tollgate::storage::postgres
