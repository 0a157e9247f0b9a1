// How a contract suite gets an adapter to test: empty stores, alive as long as the object.
#pragma once

#include "tollgate/ports/accounts.hpp"
#include "tollgate/ports/key_store.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <string>

namespace tollgate::testing {

class Stores {
public:
    virtual ~Stores() = default;
    virtual ports::KeyStore& keys() = 0;
    virtual ports::Accounts& accounts() = 0;
};

struct StoreFactory {
    std::string name{};
    std::unique_ptr<Stores> (*open)() = nullptr;
    friend void PrintTo(const StoreFactory& factory, std::ostream* out) { *out << factory.name; }
};

/// The name of an instance: AccountsContract.FindsNothing/sqlite.
inline std::string factory_name(const ::testing::TestParamInfo<StoreFactory>& test) {
    return test.param.name;
}

} // namespace tollgate::testing
