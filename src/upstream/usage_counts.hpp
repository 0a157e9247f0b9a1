// The counts of a usage object, collected member by member by whoever reads it, and what they say together.
// Pure.
#pragma once

#include "tollgate/domain/usage.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace tollgate::upstream {

inline constexpr std::uint64_t largest_count = std::uint64_t{1} << 40;

/// The value of a member: a count, null, or something else.
class ReportedCount {
public:
    constexpr ReportedCount() = default;
    static constexpr ReportedCount of(std::uint64_t count) {
        return count <= largest_count ? ReportedCount(Kind::count, count) : ReportedCount();
    }
    static constexpr ReportedCount null() { return {Kind::null, 0}; }

    bool is_null() const { return kind_ == Kind::null; }
    std::optional<std::uint64_t> count() const {
        return kind_ == Kind::count ? std::optional(count_) : std::nullopt;
    }

private:
    enum class Kind : std::uint8_t { count, null, other };
    constexpr ReportedCount(Kind kind, std::uint64_t count) : kind_(kind), count_(count) {}

    Kind kind_ = Kind::other;
    std::uint64_t count_ = 0;
};

class UsageCounts {
public:
    /// Objects within the usage that have counts of their own.
    enum class Part { whole, prompt_details, completion_details };

    /// The part that is the value of a member of the usage; `whole` if it is none.
    static Part part_of(std::string_view name);

    /// A member of the usage or of a part of it.
    void take(Part part, std::string_view name, ReportedCount value);

    /// Nothing without prompt tokens, and where one of the main counts is no count.
    std::optional<domain::Usage> usage() const;

private:
    using Count = std::optional<std::uint64_t>;

    void take_of_whole(std::string_view name, ReportedCount value);
    void take_main(Count& target, ReportedCount value);

    // As they stand in the JSON; absent is not zero.
    Count prompt_{};
    Count completion_{};
    Count total_{};
    Count cached_{};
    Count cache_write_{};
    Count audio_prompt_{};
    Count audio_completion_{};
    Count reasoning_{};
    bool is_broken_ = false; // one of the main counts is no count
};

} // namespace tollgate::upstream
