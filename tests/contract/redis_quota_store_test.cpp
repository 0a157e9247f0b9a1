#include "contract/quota_store_contract.hpp"
#include "support/redis_fixture.hpp"
#include "support/redis_server.hpp"

namespace tollgate::tests {

namespace {

testing::RedisServer& server() {
    static testing::RedisServer started;
    return started;
}

/// The machine may be busy: deadlines have tests of their own.
storage::RedisSettings patient_settings() {
    auto settings = *storage::parse_redis_url("redis://" + server().address());
    settings.command_time = std::chrono::seconds(20);
    return settings;
}

/// A store over a Redis that holds nothing.
class RedisStore final : public ports::QuotaStore {
public:
    explicit RedisStore(runtime::Worker& worker)
        : fixture_(worker, patient_settings(), {.clock = storage::QuotaClock::caller}) {
        fixture_.join(1);
    }

    runtime::Task<base::Result<domain::Decision>> reserve(const domain::Demand& demand) override {
        return fixture_.quota().reserve(demand);
    }
    runtime::Task<base::Result<base::Money>> extend(const base::RequestId& id, base::Money more) override {
        return fixture_.quota().extend(id, more);
    }
    void settle(const domain::Charge& charge) noexcept override { fixture_.quota().settle(charge); }
    runtime::Task<base::Result<void>> warm(const base::AccountId& account, const ports::PurseTotal& total,
                                           std::uint64_t epoch) override {
        return fixture_.quota().warm(account, total, epoch);
    }

private:
    testing::RedisShareFixture fixture_;
};

std::unique_ptr<ports::QuotaStore> make_redis_store(runtime::Worker& worker) {
    server().say({"FLUSHALL"});
    return std::make_unique<RedisStore>(worker);
}

} // namespace

INSTANTIATE_TEST_SUITE_P(Redis, QuotaStoreContract, ::testing::Values(&make_redis_store));

} // namespace tollgate::tests
