#include "simulator/control.hpp"

#include "simulator/call.hpp"

#include <algorithm>
#include <charconv>

namespace tollgate::simulator {

namespace {

std::string_view query_value(std::string_view target, std::string_view name) {
    const std::size_t question = target.find('?');
    std::string_view rest =
        question == std::string_view::npos ? std::string_view{} : target.substr(question + 1);
    while (!rest.empty()) {
        const std::string_view pair = rest.substr(0, rest.find('&'));
        const std::size_t equals = pair.find('=');
        if (equals != std::string_view::npos && pair.substr(0, equals) == name)
            return pair.substr(equals + 1);
        rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    }
    return {};
}

std::uint64_t number_or(std::string_view text, std::uint64_t otherwise) {
    std::uint64_t value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    return fault == std::errc{} && end == text.data() + text.size() ? value : otherwise;
}

Json counts_object(const TokenCounts& counts) {
    return Json{{"prompt_tokens", counts.prompt},
                {"completion_tokens", counts.completion},
                {"cached_tokens", counts.cached},
                {"cache_write_tokens", counts.cache_write},
                {"reasoning_tokens", counts.reasoning}};
}

Json ending_object(const Record& record) {
    const Ending& ending = record.ending;
    return Json{{"open", record.open},
                {"status", ending.status},
                {"chunks", ending.chunks},
                {"bytes_sent", ending.bytes_sent},
                {"completed", ending.completed},
                {"client_left", ending.client_left_ms.has_value()},
                {"client_left_ms", ending.client_left_ms ? Json(*ending.client_left_ms) : Json(nullptr)},
                {"usage", ending.usage ? counts_object(*ending.usage) : Json(nullptr)},
                {"counts", counts_object(ending.counts)}};
}

Json record_object(const Record& record) {
    Json headers = Json::array();
    for (const auto& [name, value] : record.headers) headers.push_back(Json::array({name, value}));
    Json object{{"sequence", record.sequence},
                {"received_us", record.received_us},
                {"connection", record.connection},
                {"request_on_connection", record.request_on_connection},
                {"method", record.method},
                {"target", record.target},
                {"headers", std::move(headers)},
                {"body", record.body},
                {"body_bytes", record.body_bytes},
                {"model", record.model},
                {"tag", record.tag}};
    object.update(ending_object(record));
    return object;
}

Json requests_object(std::string_view target, const Service& service) {
    RecordFilter filter;
    filter.since = number_or(query_value(target, "since"), 0);
    filter.tag = query_value(target, "tag");
    filter.most = number_or(query_value(target, "limit"), filter.most);
    Json requests = Json::array();
    for (const Record& record : service.records.find(filter)) requests.push_back(record_object(record));
    return Json{{"requests", std::move(requests)}};
}

Json count_object(std::string_view target, const Service& service) {
    const std::string tag(query_value(target, "tag"));
    const Totals totals = tag.empty() ? service.records.totals() : service.records.totals_of(tag);
    return Json{{"received", totals.received},
                {"open", totals.received - totals.ended},
                {"completed", totals.completed},
                {"client_left", totals.client_left},
                {"tokens", counts_object(totals.tokens)}};
}

Reply json_answer(int status, const Json& body) {
    Reply reply;
    reply.status = status;
    reply.body = body.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    reply.repeatable = Repeatable::no;
    return reply;
}

Reply clear(Service& service) {
    service.records.clear();
    service.attempts.forget_all();
    return json_answer(200, Json{{"cleared", true}});
}

} // namespace

bool is_control_path(std::string_view target) {
    return target.starts_with("/__");
}

Reply answer_control(std::string_view method, std::string_view target, Service& service) {
    const std::string_view path = target.substr(0, target.find('?'));
    if (path == "/__requests" && method == "DELETE") return clear(service);
    const bool known = path == "/__requests" || path == "/__requests/count" || path == "/__connections" ||
                       path == "/__health";
    if (!known) return json_answer(404, Json{{"error", "simulator: no such path"}});
    if (method != "GET") return json_answer(405, Json{{"error", "simulator: method not allowed"}});
    if (path == "/__requests") return json_answer(200, requests_object(target, service));
    if (path == "/__requests/count") return json_answer(200, count_object(target, service));
    if (path == "/__health") return json_answer(200, Json{{"status", "ok"}});
    return json_answer(
        200, Json{{"open", service.connections_open.load()}, {"total", service.connections_total.load()}});
}

} // namespace tollgate::simulator
