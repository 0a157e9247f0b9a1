#include "contract/fleet_contract.hpp"
#include "contract/postgres/target.hpp"

namespace tollgate::tests {

namespace {

class PostgresRegistry {
public:
    ports::Fleet& fleet() { return *storage_->fleet(); }

private:
    std::unique_ptr<storage::PostgresStorage> storage_ =
        testing::open_storage(testing::fresh_database(), testing::Way::pooled);
};

} // namespace

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, FleetContract, PostgresRegistry);

} // namespace tollgate::tests
