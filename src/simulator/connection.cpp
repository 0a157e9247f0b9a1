#include "simulator/connection.hpp"

#include "simulator/control.hpp"
#include "simulator/routes.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/http/error.hpp>

#include <cstring>

namespace tollgate::simulator {

namespace {

namespace http = boost::beast::http;

constexpr std::size_t read_bytes = 16U << 10U;
constexpr std::uint32_t most_head_bytes = 256U << 10U;
constexpr std::size_t most_drained = 256U << 20U;

std::string_view view(boost::beast::string_view text) {
    return {text.data(), text.size()};
}

std::int64_t unix_us() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

bool mentions(std::string_view text, std::string_view needle) {
    return ::memmem(text.data(), text.size(), needle.data(), needle.size()) != nullptr;
}

} // namespace

Connection::Connection(Transport transport, Worker& worker, Service& service)
    : transport_(std::move(transport)),
      departure_(transport_),
      worker_(worker),
      service_(service),
      number_(++service.connections_total) {
    ++service_.connections_open;
}

Connection::~Connection() {
    --service_.connections_open;
}

Task<> Connection::run() {
    const auto failed = co_await transport_.handshake();
    After after = failed ? After::close : After::keep;
    while (after == After::keep) {
        const Got got = co_await read_request();
        after = co_await exchange(got);
        departure_.pause();
    }
    co_await end(after);
}

Task<Connection::Got> Connection::read_request() {
    parser_.emplace();
    parser_->eager(true);
    parser_->header_limit(most_head_bytes);
    parser_->body_limit(boost::none);
    bool head_seen = false;
    for (;;) {
        if (buffer_.size() > 0) {
            boost::system::error_code fault;
            buffer_.consume(parser_->put(buffer_.data(), fault));
            if (fault && fault != http::error::need_more) co_return Got::broken;
        }
        if (parser_->is_done()) co_return Got::request;
        if (parser_->is_header_done() && !head_seen) {
            head_seen = true;
            const bool answered = co_await begin_body();
            if (answered) co_return Got::early;
        }
        const Moved moved = co_await read_more();
        if (moved.error) {
            departure_.note();
            co_return head_seen ? Got::broken : Got::nothing;
        }
    }
}

Task<Moved> Connection::read_more() {
    const auto space = buffer_.prepare(read_bytes);
    const Moved moved = co_await transport_.read_some(space);
    buffer_.commit(moved.bytes);
    co_return moved;
}

/// With the head there and the body still to come: 100 Continue, or the answer of fault=early (true).
Task<bool> Connection::begin_body() {
    const Received head = received();
    if (service_.settings.script.fault.kind == FaultKind::early || !head.directives.empty() ||
        mentions(head.body, "fault=early"))
        early_ = answer_early(head, service_.settings);
    if (early_) co_return true;
    const auto expected = parser_->get()[http::field::expect];
    if (boost::beast::iequals(expected, "100-continue"))
        co_await transport_.write("HTTP/1.1 100 Continue\r\n\r\n");
    co_return false;
}

Task<After> Connection::exchange(Got got) {
    if (got == Got::nothing) co_return After::close;
    ++requests_;
    if (got == Got::broken) {
        record_broken();
        if (departure_.left_at()) co_return After::close;
        Reply refusal;
        refusal.status = 400;
        refusal.body = "{\"error\": \"simulator: not an HTTP request\"}\n";
        auto prepared = std::make_shared<const Prepared>(std::move(refusal));
        Delivery delivery(transport_, departure_, *prepared);
        Stamp stamp = Stamp::make(service_.run, 0, unix_us() / 1'000'000);
        const Framing closing{.keep_alive = false};
        const auto now = SteadyClock::now();
        co_return co_await delivery.run(std::move(stamp), closing, now);
    }
    std::shared_ptr<const Prepared> prepared;
    if (early_) {
        prepared = std::make_shared<const Prepared>(std::move(*early_));
        early_.reset();
    } else {
        prepared = prepare(received());
    }
    co_return co_await deliver(std::move(prepared));
}

Task<After> Connection::deliver(std::shared_ptr<const Prepared> prepared) {
    const auto started = SteadyClock::now();
    const bool control = is_control_path(view(parser_->get().target()));
    const std::uint64_t sequence = control ? 0 : open_record(*prepared);
    Stamp stamp = Stamp::make(service_.run, ++service_.answers, unix_us() / 1'000'000);
    Delivery delivery(transport_, departure_, *prepared);
    const Framing wanted = framing();
    const After after = co_await delivery.run(std::move(stamp), wanted, started);
    if (control) co_return after;
    Ending ending = delivery.ending();
    if (const auto& left = departure_.left_at(); left && !ending.completed)
        ending.client_left_ms = static_cast<std::uint64_t>(
            std::chrono::duration_cast<std::chrono::milliseconds>(*left - started).count());
    service_.records.close(sequence, std::move(ending));
    co_return after;
}

Task<> Connection::end(After after) {
    if (after == After::drain) {
        transport_.end_writing();
        co_await drain();
    }
    if (after == After::reset)
        transport_.reset();
    else
        transport_.close();
    co_await departure_.finish();
}

/// A client that is still sending must not be reset before it has read the answer.
Task<> Connection::drain() {
    buffer_.clear();
    std::size_t dropped = 0;
    while (dropped < most_drained) {
        const Moved moved = co_await read_more();
        if (moved.error) co_return;
        dropped += moved.bytes;
        buffer_.clear();
    }
}

Received Connection::received() const {
    const auto& request = parser_->get();
    Received result{.method = view(request.method_string()),
                    .target = view(request.target()),
                    .body = request.body(),
                    .authorization = view(request[http::field::authorization]),
                    .api_key = {}};
    for (const char* name : {"x-api-key", "x-goog-api-key", "api-key"})
        if (result.api_key.empty() && result.authorization.empty()) result.api_key = view(request[name]);
    result.directives = view(request["x-simulator"]);
    return result;
}

std::shared_ptr<const Prepared> Connection::prepare(const Received& request) {
    if (is_control_path(request.target))
        return std::make_shared<const Prepared>(answer_control(request.method, request.target, service_));
    std::string& key = worker_.key;
    key.clear();
    for (const std::string_view part : {request.method, request.target, request.authorization,
                                        request.api_key, request.directives, request.body})
        key.append(part).append("\n");
    auto prepared = worker_.cache.find(key);
    if (prepared) return prepared;
    prepared = std::make_shared<const Prepared>(answer(request, service_.settings, service_.attempts));
    worker_.cache.keep(key, prepared);
    return prepared;
}

std::uint64_t Connection::open_record(const Prepared& prepared) {
    Record record{.connection = number_, .request_on_connection = requests_};
    if (service_.records.recording() == Recording::off) return service_.records.open(std::move(record));
    const auto& request = parser_->get();
    record.received_us = unix_us();
    record.method = view(request.method_string());
    record.target = view(request.target());
    for (const auto& field : request)
        record.headers.emplace_back(view(field.name_string()), view(field.value()));
    record.body_bytes = request.body().size();
    if (service_.records.recording() == Recording::bodies)
        record.body = request.body().substr(0, service_.settings.body_bytes);
    record.model = prepared.reply.model;
    record.tag = prepared.reply.script.tag;
    return service_.records.open(std::move(record));
}

/// What never became a request: the log shows the head, if there was one, and that nothing was answered.
void Connection::record_broken() {
    const Prepared nothing{Reply{}};
    Ending ending;
    if (departure_.left_at()) ending.client_left_ms = 0;
    service_.records.close(open_record(nothing), std::move(ending));
}

Framing Connection::framing() const {
    const auto& request = parser_->get();
    return Framing{.chunked = request.version() >= 11,
                   .keep_alive = request.keep_alive(),
                   .head_only = request.method() == http::verb::head};
}

Task<> serve(Socket socket, asio::ssl::context* tls, Worker& worker, Service& service) {
    boost::system::error_code ignored; // a Unix socket has no such option
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    Connection connection(Transport(std::move(socket), tls), worker, service);
    co_await connection.run();
}

} // namespace tollgate::simulator
