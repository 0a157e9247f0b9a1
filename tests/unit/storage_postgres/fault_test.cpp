#include "storage/postgres/fault.hpp"

#include <gtest/gtest.h>
#include <pqxx/except>

namespace tollgate::storage::postgres {

TEST(PostgresFault, IsSortedByWhatIsToBeDone) {
    struct Row {
        const char* state;
        FaultKind kind;
        base::ErrorCode code = base::ErrorCode::storage_unavailable;
    };
    for (const Row& row :
         {Row{"40001", FaultKind::collision}, Row{"40P01", FaultKind::collision},
          Row{"25006", FaultKind::standby}, Row{"53300", FaultKind::crowded}, Row{"57P01", FaultKind::broken},
          Row{"57P02", FaultKind::broken}, Row{"57P03", FaultKind::broken}, Row{"08006", FaultKind::broken},
          Row{"53100", FaultKind::final}, Row{"42501", FaultKind::final},
          Row{"22021", FaultKind::final, base::ErrorCode::invalid_field}, Row{"23505", FaultKind::final}}) {
        const Fault fault = fault_of(pqxx::sql_error("ERROR:  it\nDETAIL: more", "SELECT 1", row.state));
        EXPECT_EQ(fault.kind, row.kind) << row.state;
        EXPECT_EQ(fault.error.code, row.code) << row.state;
        EXPECT_EQ(fault.error.source, base::ErrorSource::storage);
        EXPECT_TRUE(fault.error.message.ends_with(": it")) << fault.error.message;
    }
    EXPECT_EQ(fault_of(pqxx::deadlock_detected("d")).kind, FaultKind::collision);
    EXPECT_EQ(fault_of(pqxx::serialization_failure("s")).kind, FaultKind::collision);
    EXPECT_EQ(fault_of(pqxx::broken_connection("b")).kind, FaultKind::broken);
    EXPECT_EQ(fault_of(std::runtime_error("odd row")).kind, FaultKind::final);
}

TEST(PostgresFault, AFullDiskMayPassAndAMissingRightDoesNot) {
    EXPECT_EQ(fault_of(pqxx::sql_error("e", "q", "53100")).error.retry, base::Retry::maybe);
    EXPECT_EQ(fault_of(pqxx::sql_error("e", "q", "42501")).error.retry, base::Retry::no);
}

TEST(PostgresFault, AVanishedPartitionIsMadeAgain) {
    const pqxx::sql_error gone("ERROR:  no partition of relation \"usage_events\" found for row", "q",
                               "23514");
    EXPECT_EQ(fault_of(gone).kind, FaultKind::collision);
    EXPECT_EQ(fault_of(pqxx::sql_error("ERROR:  violates check", "q", "23514")).kind, FaultKind::final);
}

TEST(PostgresFault, OfConnectingSaysWhatToDo) {
    struct Row {
        const char* message;
        FaultKind kind;
        base::Retry retry;
        const char* advice;
    };
    for (const Row& row :
         {Row{"FATAL:  password authentication failed for user \"u\"\n", FaultKind::final, base::Retry::no,
              "check user and password"},
          Row{"FATAL:  database \"d\" does not exist", FaultKind::final, base::Retry::no, "createdb"},
          Row{"FATAL:  role \"u\" does not exist", FaultKind::final, base::Retry::no, "createuser"},
          Row{"connection to server at \"h\", port 5432 failed: Connection refused\n\tIs the server",
              FaultKind::broken, base::Retry::maybe, "is the server running"},
          Row{"FATAL:  sorry, too many clients already", FaultKind::crowded, base::Retry::maybe,
              "storage.postgresql.connections"},
          Row{"FATAL:  the database system is starting up", FaultKind::broken, base::Retry::maybe, "wait"},
          Row{"failed: session is read-only", FaultKind::standby, base::Retry::maybe, "primary"},
          Row{"timeout expired", FaultKind::broken, base::Retry::maybe, "does not answer"},
          Row{"something in another language", FaultKind::broken, base::Retry::maybe, "something"}}) {
        const Fault fault = connect_fault(row.message, "postgresql://h/d");
        EXPECT_EQ(fault.kind, row.kind) << row.message;
        EXPECT_EQ(fault.error.retry, row.retry) << row.message;
        EXPECT_TRUE(fault.error.message.contains(row.advice)) << fault.error.message;
        EXPECT_TRUE(fault.error.message.contains("postgresql://h/d")) << fault.error.message;
        EXPECT_FALSE(fault.error.message.contains('\n')) << fault.error.message;
    }
}

} // namespace tollgate::storage::postgres
