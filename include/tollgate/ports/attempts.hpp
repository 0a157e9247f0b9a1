// Failed attempts to sign in, by what they had in common (an account, an address, both), so that guessing can
// be slowed down on every node and after a restart. Blocking, any thread, like KeyStore.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/base/time.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tollgate::ports {

class Attempts {
public:
    virtual ~Attempts() = default;

    /// Attempts with this subject at or after `since`.
    virtual base::Result<std::uint64_t> count(std::string_view subject, base::WallTime since) = 0;

    /// One attempt under each of its subjects. Forgets what is older than a day.
    virtual base::Result<void> add(std::span<const std::string> subjects, base::WallTime now) = 0;

    virtual base::Result<void> forget(std::string_view subject) = 0;
};

} // namespace tollgate::ports
