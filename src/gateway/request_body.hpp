// The body that goes to a provider: the client's bytes with the few edits that are ours (contract §3). Pure.
#pragma once

#include "tollgate/domain/call.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tollgate::gateway {

/// What one target needs to be different.
struct BodyEdits {
    std::string_view model{};                   // as the provider calls it
    std::optional<std::uint64_t> output_cap{};  // that the money covers
    std::string_view cap_member = "max_tokens"; // where the call has no cap of its own
};

/// Nothing when the client's bytes go out as they are.
std::optional<std::string> request_body(const domain::Call& call, std::string_view body,
                                        const BodyEdits& edits);

/// The member by which this provider's models take a cap.
std::string_view cap_member_of(std::string_view provider, domain::Endpoint endpoint);

} // namespace tollgate::gateway
