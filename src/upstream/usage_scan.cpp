#include "upstream/usage_scan.hpp"

#include <string>

namespace tollgate::upstream {

namespace {

using http::JsonScanner;
using Part = UsageCounts::Part;

} // namespace

bool UsageScan::take() {
    const char* const begin = scanner_.position();
    if (depth_-- == 0 || !take_members(Part::whole)) return false;
    reported_.usage_object = span_from(begin);
    return true;
}

std::optional<ReportedUsage> UsageScan::reported() const {
    const auto usage = counts_.usage();
    if (!usage) return std::nullopt;
    ReportedUsage reported = reported_;
    reported.usage = *usage;
    return reported;
}

bool UsageScan::take_members(Part part) {
    return scanner_.take_object([&](const JsonScanner::Text& name) {
        return name.has_escapes() ? take_escaped_member(part, name) : take_member(part, name.raw);
    });
}

bool UsageScan::take_escaped_member(Part part, const JsonScanner::Text& name) {
    std::string unescaped;
    name.append_to(unescaped);
    return take_member(part, unescaped);
}

bool UsageScan::take_member(Part part, std::string_view name) {
    const char* const begin = scanner_.position();
    ReportedCount value;
    if (std::uint64_t count = 0; scanner_.take_count(count)) {
        value = ReportedCount::of(count);
    } else {
        const bool may_be_part = part == Part::whole && scanner_.peek() == '{';
        const Part inner = may_be_part ? UsageCounts::part_of(name) : Part::whole;
        if (inner != Part::whole) return take_part(inner);
        if (!scanner_.take_value(depth_)) return false;
        if (std::string_view(begin, scanner_.position()) == "null") value = ReportedCount::null();
    }
    if (part == Part::whole && name == "cost") {
        reported_.cost_value = span_from(begin);
    } else if (part == Part::whole && name == "currency") {
        reported_.currency_value = span_from(begin);
    } else {
        counts_.take(part, name, value);
    }
    return true;
}

bool UsageScan::take_part(Part part) {
    if (depth_ == 0) return false;
    --depth_;
    const bool is_taken = take_members(part);
    ++depth_;
    return is_taken;
}

domain::Span UsageScan::span_from(const char* begin) const {
    return {.offset = static_cast<std::size_t>(begin - json_.data()),
            .length = static_cast<std::size_t>(scanner_.position() - begin)};
}

} // namespace tollgate::upstream
