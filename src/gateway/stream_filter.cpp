#include "gateway/stream_filter.hpp"

#include <utility>

namespace tollgate::gateway {

namespace {

constexpr std::size_t longest_event = 8UL * 1024 * 1024;

} // namespace

base::Result<std::string_view> StreamFilter::pass(std::string_view bytes) {
    edited_.clear();
    const char* const begin = bytes.data();
    std::size_t kept = 0;   // length of the run of kept events at the front of `bytes`
    bool contiguous = true; // everything kept so far is that run
    while (!bytes.empty() && !done_) {
        const std::size_t size = scanner_.find_event_end(bytes);
        if (size == http::EventScanner::npos) break;
        const bool continued = !held_.empty();
        if (continued) held_.append(bytes.substr(0, size));
        const std::string_view event = continued ? std::string_view(held_) : bytes.substr(0, size);
        const Verdict verdict = judge(event);
        if (contiguous && (continued || verdict != Verdict::keep)) {
            edited_.assign(begin, kept);
            contiguous = false;
        }
        if (contiguous) {
            kept += size;
        } else if (verdict != Verdict::drop) {
            edited_.append(verdict == Verdict::replace ? std::string_view(replacement_) : event);
        }
        held_.clear();
        bytes.remove_prefix(size);
    }
    if (!done_) held_.append(bytes);
    if (held_.size() > longest_event) {
        return base::fail(base::ErrorCode::invalid_response, base::ErrorSource::upstream,
                          "the provider sent an event without end");
    }
    return contiguous ? std::string_view(begin, kept) : std::string_view(edited_);
}

StreamFilter::Verdict StreamFilter::judge(std::string_view event) {
    std::string joined;
    std::string_view data = http::simple_event_data(event);
    if (data.data() == nullptr) {
        http::Event parsed = http::parse_event(event);
        if (!parsed.has_data) return Verdict::keep; // a comment: keeps proxies awake
        joined = std::move(parsed.data);
        data = joined;
    }
    if (data == "[DONE]") {
        done_ = true;
        return Verdict::keep;
    }
    if (data.starts_with("{\"error\"")) failed_ = true;
    const auto reported = meter_.read_chunk(data);
    return reported ? judge_usage(event, data, *reported) : Verdict::keep;
}

StreamFilter::Verdict StreamFilter::judge_usage(std::string_view event, std::string_view data,
                                                const upstream::ReportedUsage& reported) {
    if (usage_chunk_ == UsageChunk::strip) return reported.choices_empty ? Verdict::drop : Verdict::keep;
    const bool in_place =
        data.data() >= event.data() && data.data() + data.size() <= event.data() + event.size();
    if (usage_chunk_ == UsageChunk::pass || !in_place) return Verdict::keep;
    auto splices = upstream::cost_splices(reported, bill_.cost(reported.usage), bill_.currency());
    const auto shift = static_cast<std::size_t>(data.data() - event.data());
    for (domain::Splice& splice : splices) splice.at.offset += shift;
    replacement_ = domain::apply_splices(event, std::move(splices));
    return Verdict::replace;
}

} // namespace tollgate::gateway
