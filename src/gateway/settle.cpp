#include "gateway/settle.hpp"

namespace tollgate::gateway {

std::string_view to_string(Ending ending) {
    switch (ending) {
    case Ending::completed: return "completed";
    case Ending::client_gone: return "client_gone";
    case Ending::cut: return "cut";
    case Ending::failed: return "failed";
    }
    return "failed";
}

void Settle::operator()(Admission admission, const Outcome& outcome) noexcept {
    const bool nothing_used = outcome.ending == Ending::failed || !admission.is_sent();
    admission.settle(nothing_used ? domain::Usage{.requests = 0} : outcome.usage);
}

} // namespace tollgate::gateway
