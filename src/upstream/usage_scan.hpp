// Reads a usage object of strict JSON: once, in place. One for each object.
#pragma once

#include "tollgate/http/json_scanner.hpp"
#include "tollgate/upstream/openai_usage.hpp"
#include "upstream/usage_counts.hpp"

#include <optional>
#include <string_view>

namespace tollgate::upstream {

class UsageScan {
public:
    /// `json` is the document that `scanner` reads, which has come to the object's brace; at most `depth`
    /// levels may begin there.
    UsageScan(std::string_view json, http::JsonScanner& scanner, int depth)
        : json_(json), scanner_(scanner), depth_(depth) {}

    /// Takes the object. False: it is not strict.
    bool take();

    /// What it said; nothing if that was no usage.
    std::optional<ReportedUsage> reported() const;

private:
    bool take_members(UsageCounts::Part part);
    bool take_escaped_member(UsageCounts::Part part, const http::JsonScanner::Text& name);
    bool take_member(UsageCounts::Part part, std::string_view name);
    bool take_part(UsageCounts::Part part);
    domain::Span span_from(const char* begin) const;

    std::string_view json_;
    http::JsonScanner& scanner_;
    int depth_;
    UsageCounts counts_{};
    ReportedUsage reported_{};
};

} // namespace tollgate::upstream
