#include "tollgate/domain/usage.hpp"

namespace tollgate::domain {

std::string_view to_string(UsageSource source) {
    switch (source) {
    case UsageSource::provider: return "provider";
    case UsageSource::estimated: return "estimated";
    case UsageSource::interrupted: return "interrupted";
    }
    return "estimated";
}

} // namespace tollgate::domain
