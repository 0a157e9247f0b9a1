// The most a call can cost, by the biller's own price function, and the longest answer that a sum of money
// covers. Pure.
//
// Input: Call::most_text_tokens (decision 14), which counts bytes, as a token stands for at least one;
// without it the bytes of the body. What text does not bound is added: the prompt that a provider writes for
// tools, pictures and files by reference. Output: the cap that the call states, else what the model can give.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/base/money.hpp"
#include "tollgate/domain/call.hpp"
#include "tollgate/domain/price.hpp"

#include <cstdint>
#include <optional>

namespace tollgate::domain {

struct BoundRules {
    std::uint64_t tool_tokens = 2'048; // a provider's own prompt for tools; the largest known is 2,000
    std::uint64_t tokens_per_attachment = 50'000; // gpt-4o-mini counts a large picture as 48,169
    std::uint64_t default_output_tokens = 32'768; // for a model whose most is not known
};

/// Where the cap of the output comes from. An `assumed` one holds only if it is put into the request.
enum class CapSource { none, asked, model, assumed };

/// How large a call can become in every billable dimension.
struct Extent {
    std::uint64_t input_tokens = 0;
    std::uint64_t output_tokens = 0; // of each choice
    std::uint64_t choices = 1;
    std::uint64_t images = 0;
    bool may_hold_audio = false; // so that input may be priced as audio
    CapSource cap_source = CapSource::none;
    friend bool operator==(const Extent&, const Extent&) = default;
};

Extent extent_of(const Call& call, const ModelPrice& price, const BoundRules& rules);

/// An upper bound of cost() for every usage within the extent: the dearest kind and the dearest tier that can
/// apply. Errors as cost().
base::Result<base::Money> bound(const ModelPrice& price, const Extent& extent, const Terms& terms);

/// The largest output cap for each choice, at most the extent's own, with which bound() stays within `left`;
/// nothing if not even the input is covered or the model has no price.
std::optional<std::uint64_t> largest_output_within(base::Money left, const ModelPrice& price,
                                                   const Extent& extent, const Terms& terms);

} // namespace tollgate::domain
