// TG_CHECK: an invariant that only a bug of ours can break. Always on; prints where and ends the process.
#pragma once

namespace tollgate::base {

[[noreturn]] void check_failed(const char* expression, const char* file, int line) noexcept;

} // namespace tollgate::base

#define TG_CHECK(expression)                                                                                 \
    (static_cast<bool>(expression) ? static_cast<void>(0)                                                    \
                                   : ::tollgate::base::check_failed(#expression, __FILE__, __LINE__))
