#include "tollgate/base/secret.hpp"

#include <openssl/crypto.h>

#include <utility>

namespace tollgate::base {

// A moved string may leave its characters behind in the small-string buffer: copied, then wiped.
Secret::Secret(Secret&& other) noexcept
    : value_(other.value_) { // NOLINT(performance-move-constructor-init): see above
    other.wipe();
}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) {
        wipe();
        value_ = other.value_;
        other.wipe();
    }
    return *this;
}

Secret::~Secret() {
    wipe();
}

void Secret::wipe() noexcept {
    // The capacity, not the size: what a shorter value left behind is wiped too.
    OPENSSL_cleanse(value_.data(), value_.capacity());
    value_.clear();
}

bool operator==(const Secret& left, const Secret& right) {
    return left.value_.size() == right.value_.size() &&
           CRYPTO_memcmp(left.value_.data(), right.value_.data(), left.value_.size()) == 0;
}

} // namespace tollgate::base
