// The response fields that tell a client its limits (contract §3): ours and OpenAI's names.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/domain/quota.hpp"
#include "tollgate/http/responder.hpp"

#include <chrono>
#include <string>

namespace tollgate::gateway {

void add_limit_fields(http::Responder& responder, const domain::QuotaNumbers& numbers);

/// Retry-After, retry-after-ms and x-should-retry, as the error's status demands.
void add_retry_fields(http::Responder& responder, const base::Error& error);

/// OpenAI's form of a duration: "12ms", "1s", "6m0s".
std::string reset_text(std::chrono::milliseconds time);

} // namespace tollgate::gateway
