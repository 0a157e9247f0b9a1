#include "simulator/delivery.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace tollgate::simulator {

namespace {

constexpr std::size_t flush_above = 64U << 10U;
constexpr std::chrono::milliseconds usual_drip{10};

void append_chunk(std::string& out, std::string_view bytes) {
    std::array<char, 16> size{};
    const auto written = std::to_chars(size.data(), size.data() + size.size(), bytes.size(), 16);
    out.append(size.data(), written.ptr).append("\r\n").append(bytes).append("\r\n");
}

bool counts_amount(FaultKind kind) {
    return kind == FaultKind::cut || kind == FaultKind::close || kind == FaultKind::hang;
}

} // namespace

Delivery::Delivery(Transport& transport, Departure& departure, const Prepared& prepared)
    : transport_(transport), departure_(departure), prepared_(prepared), script_(prepared.reply.script) {}

Task<After> Delivery::run(Stamp stamp, Framing framing, SteadyClock::time_point started) {
    stamp_ = std::move(stamp);
    framing_ = framing;
    started_ = started;
    ending_.counts = prepared_.reply.counts;
    if (script_.fault.kind == FaultKind::refuse) co_return After::close;
    if (script_.fault.kind == FaultKind::hang && !script_.fault.amount) {
        co_await departure_.wait_for_it();
        co_return After::close;
    }
    if (script_.fault.kind == FaultKind::garbage) co_return co_await send_garbage();
    if (prepared_.reply.form == Form::stream) co_return co_await send_stream();
    co_return co_await send_whole();
}

Task<After> Delivery::send_garbage() {
    const auto when = due(0);
    const Presence presence = co_await departure_.wait_until(when);
    if (presence == Presence::gone) co_return After::close;
    out_ = "220 mail.example.com ESMTP ready\x01\x02\xff\r\n\r\n";
    co_await flush();
    ending_.status = 0; // it had none
    co_return After::close;
}

Task<After> Delivery::send_whole() {
    const auto when = due(prepared_.reply.slots == 0 ? 0 : prepared_.reply.slots - 1);
    Presence presence = co_await departure_.wait_until(when);
    if (presence == Presence::gone) co_return After::close;
    append_head();
    if (script_.fault.kind == FaultKind::drip) {
        presence = co_await drip_head();
        if (presence == Presence::gone) co_return After::close;
    }
    const std::size_t head_size = out_.size();
    if (!framing_.head_only) prepared_.body.append_to(out_, stamp_);
    if (counts_amount(script_.fault.kind)) {
        out_.resize(head_size + std::min<std::size_t>(out_.size() - head_size, *script_.fault.amount));
        co_return co_await end_by_fault();
    }
    co_return co_await end_of_answer();
}

Task<After> Delivery::send_stream() {
    const auto when = due(0);
    Presence presence = co_await departure_.wait_until(when);
    if (presence == Presence::gone) co_return After::close;
    append_head();
    if (script_.fault.kind == FaultKind::drip) {
        presence = co_await drip_head();
        if (presence == Presence::gone) co_return After::close;
    }
    co_return co_await send_events();
}

Task<After> Delivery::send_events() {
    std::size_t sent = 0;
    for (const Event& event : prepared_.reply.events) {
        if (stops_at(sent)) co_return co_await end_by_fault();
        const auto when = due(event.slot);
        if (when > SteadyClock::now() || out_.size() + unsplit_.size() > flush_above) {
            Presence presence = co_await flush();
            if (presence == Presence::here) presence = co_await departure_.wait_until(when);
            if (presence == Presence::gone) co_return After::close;
        }
        append_event(event);
        ++sent;
    }
    if (stops_at(sent)) co_return co_await end_by_fault();
    if (!unsplit_.empty()) co_await flush();
    if (framing_.chunked) out_ += "0\r\n\r\n";
    co_return co_await end_of_answer();
}

Task<After> Delivery::end_by_fault() {
    const Presence presence = co_await flush();
    if (presence == Presence::gone) co_return After::close;
    if (script_.fault.kind == FaultKind::hang) co_await departure_.wait_for_it();
    co_return script_.fault.kind == FaultKind::cut ? After::reset : After::close;
}

Task<After> Delivery::end_of_answer() {
    if (script_.fault.kind == FaultKind::extra) out_ += "HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\nsurplus";
    const Presence presence = co_await flush();
    if (presence == Presence::gone) co_return After::close;
    ending_.completed = true;
    if (prepared_.reply.usage_shown == UsageShown::yes) ending_.usage = prepared_.reply.counts;
    if (script_.fault.kind == FaultKind::early) co_return After::drain;
    if (script_.fault.kind == FaultKind::stale) co_return After::close;
    co_return framing_.keep_alive ? After::keep : After::close;
}

/// Sends what is in out_ byte by byte.
Task<Presence> Delivery::drip_head() {
    const auto pause = script_.fault.amount ? std::chrono::milliseconds(*script_.fault.amount) : usual_drip;
    std::string head;
    head.swap(out_);
    auto when = SteadyClock::now();
    for (const char byte : head) {
        out_.assign(1, byte);
        Presence presence = co_await flush();
        when += pause;
        if (presence == Presence::here) presence = co_await departure_.wait_until(when);
        if (presence == Presence::gone) co_return presence;
    }
    co_return Presence::here;
}

Task<Presence> Delivery::flush() {
    if (!out_.empty()) {
        const Moved moved = co_await transport_.write(out_);
        ending_.bytes_sent += moved.bytes;
        if (moved.bytes > 0) ending_.status = prepared_.reply.status;
        out_.clear();
        if (moved.error) {
            departure_.note();
            co_return Presence::gone;
        }
    }
    if (!unsplit_.empty()) co_return co_await flush_pieces();
    ending_.chunks += queued_events_;
    queued_events_ = 0;
    co_return Presence::here;
}

Task<Presence> Delivery::flush_pieces() {
    std::string bytes;
    bytes.swap(unsplit_);
    for (std::size_t at = 0; at < bytes.size(); at += script_.split) {
        const std::string_view piece = std::string_view(bytes).substr(at, script_.split);
        if (framing_.chunked)
            append_chunk(out_, piece);
        else
            out_ += piece;
        const Presence presence = co_await flush();
        if (presence == Presence::gone) co_return presence;
    }
    co_return Presence::here;
}

SteadyClock::time_point Delivery::due(std::uint32_t slot) const {
    const auto first = started_ + script_.first_token;
    if (script_.tokens_per_second == 0) return first;
    return first + std::chrono::nanoseconds(1'000'000'000ULL * slot / script_.tokens_per_second);
}

bool Delivery::stops_at(std::size_t amount) const {
    return counts_amount(script_.fault.kind) && amount >= script_.fault.amount.value_or(0);
}

void Delivery::append_head() {
    prepared_.head.append_to(out_, stamp_);
    const bool stream = prepared_.reply.form == Form::stream;
    if (stream && framing_.chunked) out_ += "transfer-encoding: chunked\r\n";
    if (stream && !framing_.chunked) framing_.keep_alive = false;
    if (script_.fault.kind == FaultKind::early) framing_.keep_alive = false;
    out_ += framing_.keep_alive ? "connection: keep-alive\r\n\r\n" : "connection: close\r\n\r\n";
}

void Delivery::append_event(const Event& event) {
    ++queued_events_;
    if (script_.split > 0) {
        event.bytes.append_to(unsplit_, stamp_);
        return;
    }
    if (!framing_.chunked) {
        event.bytes.append_to(out_, stamp_);
        return;
    }
    std::array<char, 16> size{};
    const auto written = std::to_chars(size.data(), size.data() + size.size(), event.bytes.size(), 16);
    out_.append(size.data(), written.ptr).append("\r\n");
    event.bytes.append_to(out_, stamp_);
    out_ += "\r\n";
}

} // namespace tollgate::simulator
