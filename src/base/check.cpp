#include "tollgate/base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace tollgate::base {

void check_failed(const char* expression, const char* file, int line) noexcept {
    std::fprintf(stderr, "tollgate: broken invariant: %s (%s:%d)\n", expression, file, line);
    std::abort();
}

} // namespace tollgate::base
