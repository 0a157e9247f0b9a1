// Reads what a passing answer says about its usage, and measures its text for the case that it says nothing.
// Pure; one per call.
#pragma once

#include "tollgate/domain/call.hpp"
#include "tollgate/domain/token_estimate.hpp"
#include "tollgate/domain/usage.hpp"
#include "tollgate/upstream/openai_usage.hpp"

#include <optional>
#include <string_view>

namespace tollgate::gateway {

class UsageMeter {
public:
    explicit UsageMeter(const domain::Call& call) : prompt_bytes_(call.prompt_bytes) {}

    /// A whole answer, which counts if it is one; what it reports about usage, if it does.
    upstream::WholeAnswer read_body(std::string_view json);

    /// The data of one event; what it reports about usage, if it does.
    std::optional<upstream::ReportedUsage> read_chunk(std::string_view json);

    /// A new attempt: what the failed one said does not count.
    void start_over();

    /// As reported by the provider, else estimated from the bytes that passed.
    domain::Usage usage() const;

    /// Of output: no fewer tokens have been produced than the first, and of what was seen no more than the
    /// second, as a token stands for at least a byte.
    std::uint64_t least_output() const;
    std::uint64_t most_output() const;

private:
    std::size_t prompt_bytes_;
    domain::TextMeasure text_{};
    std::uint64_t chunks_ = 0; // with text
    std::optional<domain::Usage> reported_{};
};

} // namespace tollgate::gateway
