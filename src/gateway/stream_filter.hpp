// What of a provider's event stream goes to the client: everything, byte for byte, but the usage chunk that
// it did not ask for. Sees each event on the way and knows how the stream ended. No I/O; one per stream.
#pragma once

#include "gateway/quote.hpp"
#include "gateway/usage_meter.hpp"
#include "tollgate/base/error.hpp"
#include "tollgate/http/event_stream.hpp"

#include <string>
#include <string_view>

namespace tollgate::gateway {

/// What becomes of the usage chunk: on to the client, with its cost put in, or not at all.
enum class UsageChunk { pass, pass_with_cost, strip };

class StreamFilter {
public:
    StreamFilter(UsageMeter& meter, const Bill& bill, UsageChunk usage_chunk)
        : meter_(meter), bill_(bill), usage_chunk_(usage_chunk) {}

    /// Takes bytes as they come; answers what may be sent on: whole events only. The view is good until the
    /// next call, or as long as `bytes` is. Error: invalid_response (an event without end).
    base::Result<std::string_view> pass(std::string_view bytes);

    /// `[DONE]` has been seen: what pass() answered is the end.
    bool is_done() const { return done_; }

    /// The provider itself has sent an error event.
    bool has_failed() const { return failed_; }

private:
    enum class Verdict { keep, drop, replace };
    Verdict judge(std::string_view event);
    Verdict judge_usage(std::string_view event, std::string_view data,
                        const upstream::ReportedUsage& reported);

    UsageMeter& meter_;
    const Bill& bill_;
    UsageChunk usage_chunk_;
    http::EventScanner scanner_{};
    std::string held_;        // the beginning of an event whose end has not come
    std::string edited_;      // events to send when some were dropped or when they began in held_
    std::string replacement_; // of the event that is being judged
    bool done_ = false;
    bool failed_ = false;
};

} // namespace tollgate::gateway
