// How often somebody may fail to sign in (docs/decisions/0027). Failures are counted for the pair of account
// and address, for the address, and for the account over all addresses. A browser from which the account's
// owner once signed in has a count of its own and is not touched by the others: guessing does not shut the
// owner out.
#pragma once

#include "tollgate/base/ids.hpp"
#include "tollgate/ports/attempts.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::dashboard {

struct ThrottleRules {
    std::uint64_t per_pair = 10; // in `window`
    std::uint64_t per_account = 50;
    std::uint64_t per_device = 10;
    std::uint64_t per_address = 30; // in `address_window`
    std::chrono::minutes window{15};
    std::chrono::minutes address_window{1};
};

/// Who tries what.
struct Attempt {
    std::string account{}; // the e-mail address as it was written
    std::string address{};
    std::string device{}; // the mark of a browser that the account knows; empty: it does not
};

class Throttle {
public:
    Throttle(ports::Attempts& attempts, ThrottleRules rules) : attempts_(attempts), rules_(rules) {}

    /// Error: too_many_attempts.
    base::Result<void> check(const Attempt& attempt, base::WallTime now);
    base::Result<void> failed(const Attempt& attempt, base::WallTime now);
    base::Result<void> succeeded(const Attempt& attempt);

private:
    struct Limit {
        std::string subject{};
        std::uint64_t most = 0;
        std::chrono::minutes window{};
    };
    std::vector<Limit> limits_of(const Attempt& attempt) const;

    ports::Attempts& attempts_;
    ThrottleRules rules_;
};

/// The part of an address that one person holds: an IPv4 address, the first 64 bits of an IPv6 address.
std::string network_of(std::string_view address);

} // namespace tollgate::dashboard
