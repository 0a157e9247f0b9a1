// Sends one response, whole or as a stream, and knows what has gone out. Owned by the exchange; one thread.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/base/money.hpp"
#include "tollgate/http/head_text.hpp"
#include "tollgate/runtime/stream.hpp"
#include "tollgate/runtime/task.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace tollgate::http {

/// How the client and the connection limit what can be sent.
struct ResponseMode {
    bool may_keep_alive = true;                   // else Connection: close
    bool is_head_request = false;                 // no body goes out
    int minor_version = 1;                        // HTTP/1.0 knows no chunks
    std::chrono::milliseconds stall_time{60'000}; // longest wait for a client that does not read
};

class Responder {
public:
    Responder(runtime::Stream& stream, ResponseMode mode) : stream_(stream), mode_(mode) {}
    Responder(const Responder&) = delete;
    Responder& operator=(const Responder&) = delete;

    /// A field of the response to come. What cannot stand in a field value is replaced by spaces.
    void add_field(std::string_view name, std::string_view value);

    /// The same for a name that is known when we are compiled; numbers are written in place.
    template <std::size_t size>
    void add_field(const char (&name)[size], std::string_view value) {
        head_.append(name);
        add_value(value);
    }
    template <std::size_t size>
    void add_field(const char (&name)[size], std::int64_t value) {
        head_.append(name);
        add_value(value);
    }
    template <std::size_t size>
    void add_field(const char (&name)[size], base::Money value) {
        head_.append(name);
        add_value(value);
    }

    /// One whole response. Error: connection_closed or client_gone.
    runtime::Task<base::Result<void>> send(int status, std::string_view content_type, std::string_view body);

    /// The head of a response whose body comes in pieces; goes out at once.
    runtime::Task<base::Result<void>> start(int status, std::string_view content_type);

    /// A piece of that body, passed on at once; empty pieces are skipped.
    runtime::Task<base::Result<void>> write(std::string_view piece);

    /// The last piece and the end of the body, in one write.
    runtime::Task<base::Result<void>> finish(std::string_view last_piece);

    /// From now on the connection ends with this response, until keep_after().
    void close_after() { closes_ = true; }
    /// Takes close_after() back.
    void keep_after() { closes_ = false; }

    bool has_begun() const { return status_ != 0; }
    bool is_finished() const { return finished_; }
    int status() const { return status_; }
    std::uint64_t bytes_sent() const { return bytes_sent_; }
    bool keeps_alive() const { return mode_.may_keep_alive && !closes_ && finished_; }

private:
    void add_value(std::string_view value);
    void add_value(std::int64_t value);
    void add_value(base::Money value);
    void begin_head(int status, std::string_view content_type);
    /// False: flush() is to follow.
    base::Result<bool> put(std::span<const std::string_view> pieces);
    runtime::Task<base::Result<void>> flush();

    runtime::Stream& stream_;
    ResponseMode mode_;
    HeadText head_; // fields, and in front of them in the end the status line
    int status_ = 0;
    bool closes_ = false;
    bool finished_ = false;
    std::uint64_t bytes_sent_ = 0;
};

} // namespace tollgate::http
