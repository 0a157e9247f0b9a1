// One client connection: read a request, answer it, and again. Owned by its own coroutine; its worker's
// thread only.
#pragma once

#include "simulator/call.hpp"
#include "simulator/delivery.hpp"
#include "simulator/departure.hpp"
#include "simulator/service.hpp"
#include "simulator/transport.hpp"
#include "simulator/worker.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <cstdint>
#include <memory>
#include <optional>

namespace tollgate::simulator {

class Connection {
public:
    Connection(Transport transport, Worker& worker, Service& service);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Until either side closes.
    Task<> run();

private:
    using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
    enum class Got { request, early, nothing, broken };

    Task<Got> read_request();
    Task<Moved> read_more();
    Task<After> exchange(Got got);
    Task<After> deliver(std::shared_ptr<const Prepared> prepared);
    Task<bool> begin_body();
    Task<> end(After after);
    Task<> drain();

    Received received() const;
    std::shared_ptr<const Prepared> prepare(const Received& request);
    std::uint64_t open_record(const Prepared& prepared);
    void record_broken();
    Framing framing() const;

    Transport transport_;
    Departure departure_;
    Worker& worker_;
    Service& service_;
    const std::uint64_t number_;
    std::uint64_t requests_ = 0;
    boost::beast::flat_buffer buffer_;
    std::optional<Parser> parser_;
    std::optional<Reply> early_;
};

/// What is spawned for each accepted socket; `tls` is null for plain text.
Task<> serve(Socket socket, asio::ssl::context* tls, Worker& worker, Service& service);

} // namespace tollgate::simulator
