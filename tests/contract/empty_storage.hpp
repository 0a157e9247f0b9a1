// How the contracts of the dashboard's ports get an adapter to test: an empty storage, alive as long as the
// object.
#pragma once

#include "tollgate/ports/storage.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>

namespace tollgate::testing {

class EmptyStorage {
public:
    virtual ~EmptyStorage() = default;
    virtual ports::Storage& storage() = 0;
};

struct EmptyStorageFactory {
    std::string name{};
    std::function<std::unique_ptr<EmptyStorage>()> open{};
    friend void PrintTo(const EmptyStorageFactory& factory, std::ostream* out) { *out << factory.name; }
};

inline std::string empty_storage_name(const ::testing::TestParamInfo<EmptyStorageFactory>& test) {
    return test.param.name;
}

/// A fixture for one port after the other.
class StorageContract : public ::testing::TestWithParam<EmptyStorageFactory> {
protected:
    void SetUp() override { empty_ = GetParam().open(); }
    ports::Storage& storage() { return empty_->storage(); }

    /// Makes an account that sessions, keys and lots can belong to.
    ports::Account add_account(const std::string& email, ports::Role role = ports::Role::member) {
        ports::Account account;
        account.id = base::new_account_id();
        account.email = email;
        account.name = "Someone";
        account.role = role;
        account.created_at = now_ + std::chrono::seconds(++made_);
        EXPECT_TRUE(storage().accounts().create(account).has_value());
        return account;
    }

    const base::WallTime now_{std::chrono::microseconds(1'700'000'000'000'001)};

private:
    std::unique_ptr<EmptyStorage> empty_;
    int made_ = 0;
};

} // namespace tollgate::testing
