// Setting money aside for a stream slice by slice: which streams, how large a slice is, and how far the money
// goes. Pure. Why only these: docs/decisions/0015-slices-where-all-output-is-seen.md.
#pragma once

#include "tollgate/base/money.hpp"
#include "tollgate/domain/bound.hpp"
#include "tollgate/domain/call.hpp"
#include "tollgate/domain/price.hpp"

#include <cstdint>
#include <optional>

namespace tollgate::domain {

struct SliceRules {
    std::uint64_t tokens = 4'096; // of output, over all choices; 0: no slices

    /// Kept ahead of what has been seen: what the provider may have produced already that has not arrived.
    std::uint64_t margin() const { return tokens / 8; }
};

/// The extent of a stream's first slice. Nothing if the whole is to be set aside: no stream, not much larger
/// than a slice, or some of its output may be billed without being seen (a model that may reason or speak, a
/// member of the body that we do not know).
std::optional<Extent> first_slice(const Call& call, const ModelPrice& price, const Extent& whole,
                                  const SliceRules& rules);

/// How many tokens of output, over all choices, the money covers beside the input of the extent.
class Allowance {
public:
    /// Covers everything: for a call without a limit.
    Allowance() = default;

    /// Of a whole reservation: the extent that was forwarded, whatever the money would cover.
    static Allowance fixed(std::uint64_t tokens) {
        Allowance allowance;
        allowance.covered_ = tokens;
        return allowance;
    }

    /// Of a stream that is set aside in slices. `price` must outlive it.
    Allowance(const ModelPrice& price, const Extent& extent, const Terms& terms, const SliceRules& rules)
        : price_(&price), extent_(extent), terms_(terms), rules_(rules) {
        extent_.choices = 1;
    }

    bool is_sliced() const { return price_ != nullptr; }
    bool covers(std::uint64_t tokens) const { return tokens <= covered_; }
    std::uint64_t covered() const { return covered_; }
    std::uint64_t margin() const { return is_sliced() ? rules_.margin() : 0; }

    /// After so many tokens the next ones may not be covered any more.
    bool is_running_out(std::uint64_t seen) const { return seen > covered_ || covered_ - seen < margin(); }

    /// What must be set aside in all for another slice behind what has been seen.
    base::Money wanted(std::uint64_t seen) const;

    /// So much is set aside now.
    void set_held(base::Money held);

private:
    const ModelPrice* price_ = nullptr;
    Extent extent_{};
    Terms terms_{};
    SliceRules rules_{.tokens = 0};
    std::uint64_t covered_ = UINT64_MAX;
};

} // namespace tollgate::domain
