// What of a provider's event stream goes to the client: everything, byte for byte, but the usage chunk that
// it did not ask for. Sees each event on the way and knows how the stream ended. No I/O; one per stream.
#pragma once

#include "gateway/usage_meter.hpp"
#include "tollgate/base/error.hpp"
#include "tollgate/http/event_stream.hpp"

#include <string>
#include <string_view>

namespace tollgate::gateway {

enum class UsageChunk { pass, strip };

class StreamFilter {
public:
    StreamFilter(UsageMeter& meter, UsageChunk usage_chunk) : meter_(meter), usage_chunk_(usage_chunk) {}

    /// Takes bytes as they come; answers what may be sent on: whole events only. The view is good until the
    /// next call, or as long as `bytes` is. Error: invalid_response (an event without end).
    base::Result<std::string_view> pass(std::string_view bytes);

    /// `[DONE]` has been seen: what pass() answered is the end.
    bool is_done() const { return done_; }

    /// The provider itself has sent an error event.
    bool has_failed() const { return failed_; }

private:
    enum class Verdict { keep, drop };
    Verdict judge(std::string_view event);

    UsageMeter& meter_;
    UsageChunk usage_chunk_;
    http::EventScanner scanner_{};
    std::string held_;   // the beginning of an event whose end has not come
    std::string edited_; // events to send when some were dropped or when they began in held_
    bool done_ = false;
    bool failed_ = false;
};

} // namespace tollgate::gateway
