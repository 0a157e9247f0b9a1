#include "simulator/distort.hpp"

#include <algorithm>

namespace tollgate::simulator {

namespace {

void make_whole(Reply& reply, std::string content_type, std::string body) {
    reply.form = Form::whole;
    reply.content_type = std::move(content_type);
    reply.body = std::move(body);
    reply.events.clear();
    reply.usage_shown = UsageShown::no;
    reply.counts = {};
    reply.slots = 0;
}

void break_json(Reply& reply) {
    if (reply.form == Form::whole) {
        make_whole(reply, reply.content_type, reply.body.substr(0, reply.body.size() / 2));
        return;
    }
    Event broken{.bytes = Stamped("data: {\"id\":\"chatcmpl-broken\",\"choices\":[{\"ind\n\n"), .slot = 0};
    reply.events.insert(reply.events.begin() + static_cast<std::ptrdiff_t>(reply.events.size() / 2),
                        std::move(broken));
}

/// A first member of so many bytes: still JSON, and one long line in a stream.
std::string padded(std::string_view text, std::uint64_t bytes) {
    std::string result(text);
    const std::size_t brace = result.find('{');
    if (brace == std::string::npos) return result;
    result.insert(brace + 1, "\"padding\":\"" + std::string(bytes, 'x') + "\",");
    return result;
}

void swell(Reply& reply) {
    const std::uint64_t bytes = reply.script.fault.amount.value_or(0);
    if (reply.form == Form::whole) {
        reply.body = padded(reply.body, bytes);
        return;
    }
    Event big{.bytes = Stamped(
                  padded("data: {\"id\":\"chatcmpl-big\",\"object\":\"chat.completion.chunk\",\"created\":1,"
                         "\"model\":\"big\",\"choices\":[]}\n\n",
                         bytes)),
              .slot = 0};
    reply.events.insert(reply.events.begin() + (reply.events.empty() ? 0 : 1), std::move(big));
}

void fail_in_stream(Reply& reply, const Format& format, std::uint32_t after) {
    const std::size_t kept = std::min<std::size_t>(after, reply.events.size());
    const std::uint32_t slot = kept == 0 ? 0 : reply.events[kept - 1].slot;
    reply.events.resize(kept);
    const int status = reply.script.status >= 400 ? reply.script.status : 500;
    reply.add_event(format.stream_error_name,
                    format.stream_error(Failure{.status = status, .code = reply.script.code}), slot);
    reply.usage_shown = UsageShown::no;
}

} // namespace

void distort(Reply& reply, const Format& format) {
    switch (reply.script.fault.kind) {
    case FaultKind::html:
        make_whole(
            reply, "text/html; charset=UTF-8",
            "<!DOCTYPE html>\n<html><head><title>502 Bad gateway</title></head>\n"
            "<body><h1>Bad gateway</h1><p>The web server reported a bad gateway error.</p></body></html>\n");
        break;
    case FaultKind::empty: make_whole(reply, reply.content_type, ""); break;
    case FaultKind::badjson: break_json(reply); break;
    case FaultKind::redirect:
        make_whole(reply, "text/plain", "");
        reply.status = 307;
        reply.headers.emplace_back("location", "/v1/elsewhere");
        break;
    case FaultKind::bigbody: swell(reply); break;
    default: break;
    }
    if (reply.script.error_in_stream && reply.form == Form::stream)
        fail_in_stream(reply, format, *reply.script.error_in_stream);
}

} // namespace tollgate::simulator
