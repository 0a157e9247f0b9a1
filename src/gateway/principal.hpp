// Who calls: a key whose secret was presented, with its owner and policy. Only Authenticate makes one.
#pragma once

#include "tollgate/domain/key.hpp"

#include <memory>
#include <string>
#include <utility>

namespace tollgate::gateway {

class Principal {
public:
    const domain::KeyRecord& record() const { return *record_; }
    const domain::ApiKey& key() const { return record_->key; }
    const domain::Policy& policy() const { return record_->key.policy; }
    const std::string& client_address() const { return client_address_; }
    const base::Digest& secret() const { return secret_; }

private:
    friend class Authenticate;
    Principal(std::shared_ptr<const domain::KeyRecord> record, std::string client_address,
              const base::Digest& secret)
        : record_(std::move(record)), client_address_(std::move(client_address)), secret_(secret) {}

    std::shared_ptr<const domain::KeyRecord> record_;
    std::string client_address_;
    base::Digest secret_;
};

} // namespace tollgate::gateway
