// One request with its response on one connection: the head, the body still to be read, the responder. It
// knows nothing of keys or models. Lives in the connection's frame; one thread.
#pragma once

#include "tollgate/base/ids.hpp"
#include "tollgate/base/time.hpp"
#include "tollgate/http/head.hpp"
#include "tollgate/http/responder.hpp"
#include "tollgate/runtime/worker.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tollgate::http {

/// The limits of one request; see server.limits of the configuration.
struct ExchangeLimits {
    HeadLimits head{};
    std::uint64_t body = 10ULL * 1024 * 1024;
    std::chrono::milliseconds head_time{10'000};
    std::chrono::milliseconds body_time{60'000};
    std::chrono::milliseconds idle_time{75'000};
};

/// What an exchange borrows from its connection.
struct Transport {
    runtime::Worker& worker;
    runtime::Stream& stream;
    std::string& input; // bytes read and not yet used; the body begins here
    std::string_view peer_address;
    const ExchangeLimits& limits;
};

class Exchange {
public:
    Exchange(Transport transport, const RequestHead& head, ResponseMode mode);
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    const RequestHead& head() const { return head_; }
    const base::RequestId& id() const { return id_; }
    /// Nobody else has this id: the client did not choose it.
    bool is_id_ours() const { return is_id_ours_; }
    base::SteadyTime received_at() const { return received_at_; }
    /// The address of the socket's other end; "unix" for a local socket.
    std::string_view peer_address() const { return transport_.peer_address; }
    runtime::Worker& worker() const { return transport_.worker; }
    Responder& responder() { return responder_; }
    const Responder& responder() const { return responder_; }

    /// The whole body, if it came with the head and nothing behind it: the usual case, without a wait.
    /// Nothing: read_body(), which tells why.
    std::optional<std::string> take_body();

    /// The whole body, at most `limits.body` bytes. Errors: request_too_large, request_timeout,
    /// malformed_request, unsupported_media_type (a content coding), client_gone. After an error in the
    /// middle of it the connection cannot be kept, and the answer says so.
    runtime::Task<base::Result<std::string>> read_body();

    /// True when the body has been read to its end or there was none.
    bool is_body_read() const { return body_read_; }
    std::uint64_t body_bytes() const { return body_bytes_; }

    /// Tells `observer` if the client leaves while it waits; nullptr ends it.
    void watch_client(runtime::StreamObserver* observer) { transport_.stream.watch(observer); }

    /// Reads and drops a small unread body, so that the connection can be used again. False: it cannot.
    runtime::Task<bool> discard_body();

private:
    base::Result<void> check_before_reading() const;
    bool may_discard_body() const;
    void finish_body(std::size_t size);
    runtime::Task<base::Result<void>> say_continue();
    runtime::Task<base::Result<std::string>> read_framed();
    runtime::Task<base::Result<std::string>> read_sized();
    runtime::Task<base::Result<std::string>> read_chunked();
    runtime::Task<base::Result<std::string_view>> read_more();

    Transport transport_;
    const RequestHead& head_;
    bool is_id_ours_;
    base::RequestId id_;
    base::SteadyTime received_at_;
    Responder responder_;
    bool body_read_;
    std::uint64_t body_bytes_ = 0;
};

} // namespace tollgate::http
