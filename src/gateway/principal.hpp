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
    const std::shared_ptr<const domain::KeyRecord>& shared_record() const { return record_; }
    const domain::ApiKey& key() const { return record_->key; }
    const domain::Policy& policy() const { return record_->key.policy; }
    const std::string& client_address() const { return client_address_; }
    const base::Digest& secret() const { return secret_; }
    /// The record was read from the key store for this very call.
    bool is_just_read() const { return is_just_read_; }

private:
    friend class Authenticate;
    Principal(std::shared_ptr<const domain::KeyRecord> record, std::string client_address,
              const base::Digest& secret)
        : record_(std::move(record)), client_address_(std::move(client_address)), secret_(secret) {}

    std::shared_ptr<const domain::KeyRecord> record_;
    std::string client_address_;
    base::Digest secret_;
    bool is_just_read_ = false;
};

} // namespace tollgate::gateway
