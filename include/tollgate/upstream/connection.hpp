// One HTTP/1.1 connection to a provider: send a request, read a head, read some body. Knows whether it may be
// used again. Owned by a lease or by the pool; one thread.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/http/chunked.hpp"
#include "tollgate/http/head.hpp"
#include "tollgate/runtime/own_frame.hpp"
#include "tollgate/runtime/stream.hpp"
#include "tollgate/runtime/worker.hpp"
#include "tollgate/telemetry/metrics.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tollgate::upstream {

/// The head of an answer with the bytes that its views point into.
struct AnswerHead {
    std::string bytes{};
    http::ResponseHead head{};
};

class Connection {
public:
    Connection(runtime::Worker& worker, runtime::FileDescriptor socket,
               telemetry::MetricShard* metrics = nullptr)
        : worker_(worker),
          count_(metrics, telemetry::ConnectionSide::upstream),
          stream_(worker.services(), std::move(socket)) {}
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Writes one whole request, as much of it as the socket takes at once; false: flush() the stream for the
    /// rest. Error: connection_closed.
    base::Result<bool> send(std::span<const std::string_view> pieces);

    /// The final answer's head, written into `answer`, which must stay where it is; interim answers are
    /// skipped. Errors: connection_closed (message "…before an answer" when not one byte came),
    /// invalid_response, or an interruption's reason.
    runtime::Task<base::Result<void>> read_head(AnswerHead& answer);

    /// The whole body, if it came with the head and nothing behind it; nothing: read_body().
    std::optional<std::string> take_body();

    /// Body bytes as they come, without the transfer coding; empty at the end of the body. The view is good
    /// until the next co_await. Errors: connection_closed (a cut body), invalid_response.
    runtime::Task<base::Result<std::string_view>> read_body();

    runtime::Stream& stream() { return stream_; }
    bool answered_nothing() const { return !any_byte_; }

    /// Is any of the answer's body still to be read? False after the head of an answer that has none.
    bool has_body_left() const { return !body_done_; }

    /// May another request be sent? The body was read to its end, the provider keeps alive, nothing surplus
    /// came.
    bool is_reusable() const { return body_done_ && keep_alive_ && surplus_.empty(); }

    std::uint64_t requests() const { return requests_; }

private:
    /// What was read behind the bytes that were looked at; good until the next call.
    std::optional<std::string_view> take_surplus();
    std::string_view take_payload(std::string_view bytes);
    std::string_view take_sized(std::string_view bytes);
    std::string_view take_chunks(std::string_view bytes);
    bool ends_body(const base::Error& error);
    void begin_body(const http::ResponseHead& head);

    runtime::Worker& worker_;
    telemetry::ConnectionCount count_;
    runtime::Stream stream_;
    std::string surplus_; // read and not yet given out
    std::string given_;   // what the last view points into, when it came from surplus_
    http::Framing framing_{};
    http::ChunkedReader chunks_{};
    std::uint64_t left_ = 0;
    std::uint64_t requests_ = 0;
    bool any_byte_ = false;
    bool keep_alive_ = true;
    bool body_done_ = true;
    bool broken_ = false; // the chunked body, behind what has been given out
};

} // namespace tollgate::upstream
