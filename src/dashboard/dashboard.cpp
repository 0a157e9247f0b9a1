#include "tollgate/dashboard/dashboard.hpp"

#include "dashboard/access_line.hpp"
#include "dashboard/page.hpp"
#include "dashboard/route.hpp"
#include "dashboard/sign_in.hpp"
#include "tollgate/domain/key.hpp"
#include "tollgate/http/client_address.hpp"
#include "tollgate/http/error_response.hpp"
#include "tollgate/http/exchange.hpp"
#include "tollgate/runtime/clock.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <utility>

namespace tollgate::dashboard {

namespace {

using base::ErrorCode;
using base::Result;
using runtime::Task;

constexpr std::size_t longest_body = 64UL * 1024;

/// Threads that hash passwords stand back behind the workers, whatever the number of logins.
void stand_back() {
    constexpr int niceness = 10;
    thread_local const int done = setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), niceness);
    static_cast<void>(done); // where it is not allowed, hashing is as urgent as everything else
}

std::optional<base::Digest> bearer_secret(const http::Fields& fields) {
    constexpr std::string_view scheme = "bearer ";
    const std::string_view value = fields.find("authorization");
    if (value.size() <= scheme.size() || !http::equals_ignoring_case(value.substr(0, scheme.size()), scheme))
        return std::nullopt;
    const std::string_view key = value.substr(scheme.size());
    if (!domain::is_well_formed_key(key)) return std::nullopt;
    return base::sha256(key);
}

Result<void> check_sender(const http::RequestHead& head, Scheme scheme) {
    if (head.method == "GET" || head.method == "HEAD") return {};
    if (auto origin = check_origin(head.fields, scheme); !origin) return origin;
    if (head.method == "DELETE" && !head.fields.has("content-type")) return {};
    return check_content_type(head.fields);
}

/// Whoever shows nothing at all is refused before his body is read.
Result<void> check_credential(const Route& route, const Call& call, const http::Fields& fields) {
    const bool has_key = route.credential == Credential::session_or_key && call.key_secret;
    if (route.who == Who::anyone || call.claims || has_key) return {};
    if (fields.has("cookie") && find_cookie(fields, "token"))
        return base::reject(ErrorCode::invalid_session, "the session has ended; sign in again");
    return base::reject(ErrorCode::missing_session, "sign in first: POST /api/auth/login");
}

/// On a thread of the pool: who asks, may he, and the answer.
Result<Reply> work(const Route& route, Call& call) {
    if (route.work == Work::hashing) stand_back();
    if (route.who != Who::anyone) {
        auto identity = identify(call);
        if (!identity) return base::fail(identity.error());
        call.identity = std::move(*identity);
        if (route.who == Who::admin && !call.identity.is_admin())
            return base::reject(ErrorCode::admin_required, "only admins may do this");
    }
    if (route.method != "GET") {
        if (auto done = call.query.finish(); !done) return base::fail(done.error());
    }
    if (route.method == "DELETE") {
        if (auto done = Fields(call.body).finish(); !done) return base::fail(done.error());
    }
    return route.answer(call);
}

void add_usual_fields(http::Responder& responder, const Reply& answer) {
    responder.add_field("cache-control", "no-store");
    responder.add_field("x-content-type-options", "nosniff");
    responder.add_field("referrer-policy", "same-origin");
    bool has_policy = false;
    for (const auto& [name, value] : answer.fields) {
        responder.add_field(name, value);
        has_policy = has_policy || name == "content-security-policy";
    }
    if (!has_policy)
        responder.add_field("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
}

class Dashboard final : public WorkerDashboard {
public:
    Dashboard(DashboardServices services, std::shared_ptr<const DashboardSettings> settings,
              std::shared_ptr<const ModelList> models)
        : services_(services), settings_(std::move(settings)), models_(std::move(models)) {}

    Task<> serve(http::Exchange& exchange) override;
    void take_models(std::shared_ptr<const ModelList> models) override { models_ = std::move(models); }

private:
    Call make_call(const http::Exchange& exchange, const RouteMatch& match) const;
    Task<Result<Reply>> answer(http::Exchange& exchange, AccessLine& line, const RouteMatch& match);
    static Task<Result<void>> read_into(http::Exchange& exchange, Call& call);
    static Task<> serve_page(http::Exchange& exchange, AccessLine& line);
    static Task<> refuse(http::Exchange& exchange, AccessLine& line, const base::Error& error);
    Task<> send(http::Exchange& exchange, Reply& answer);
    Task<> stream(http::Exchange& exchange, BodySource& source);

    DashboardServices services_;
    std::shared_ptr<const DashboardSettings> settings_;
    std::shared_ptr<const ModelList> models_;
};

Task<> Dashboard::serve(http::Exchange& exchange) {
    const http::RequestHead& head = exchange.head();
    AccessLine line(
        exchange, http::find_client_address(exchange.peer_address(), head.fields, settings_->trusted_proxies),
        services_.metrics);
    if (head.path != "/api" && !head.path.starts_with("/api/")) co_return co_await serve_page(exchange, line);
    const RouteMatch match = find_route(head.method, head.path);
    if (match.route != nullptr) line.know_route(metric_index(*match.route));
    auto found = co_await answer(exchange, line, match);
    if (!found && found.error().code == ErrorCode::method_not_allowed)
        exchange.responder().add_field("allow", match.allow);
    if (!found) co_return co_await refuse(exchange, line, found.error());
    co_await send(exchange, *found);
}

Task<> Dashboard::serve_page(http::Exchange& exchange, AccessLine& line) {
    const auto page = answer_page(exchange.head());
    if (!page && page.error().code == ErrorCode::method_not_allowed)
        exchange.responder().add_field("allow", "GET, HEAD");
    if (!page) co_return co_await refuse(exchange, line, page.error());
    line.know_route(page_metric_index());
    for (const auto& [name, value] : page->fields) exchange.responder().add_field(name, value);
    const auto sent = co_await exchange.responder().send(page->status, page->type, page->body);
    static_cast<void>(sent); // a client that has left needs no answer
}

Call Dashboard::make_call(const http::Exchange& exchange, const RouteMatch& match) const {
    const http::Fields& fields = exchange.head().fields;
    Call call{.parts = {services_.storage, services_.cluster, *settings_}, .models = models_};
    call.method = exchange.head().method;
    call.id = match.id;
    call.address = http::find_client_address(exchange.peer_address(), fields, settings_->trusted_proxies);
    call.user_agent = fields.find("user-agent");
    const Scheme own = settings_->transport == Transport::tls ? Scheme::https : Scheme::http;
    call.scheme = scheme_of(fields, {own, exchange.peer_address(), settings_->trusted_proxies});
    call.now = runtime::wall_now();
    if (const auto token = find_cookie(fields, "token"))
        call.claims = verify_token(*token, settings_->session_secrets, call.now);
    if (match.route->credential == Credential::session_or_key) call.key_secret = bearer_secret(fields);
    call.device = find_cookie(fields, "device").value_or("");
    return call;
}

Task<Result<void>> Dashboard::read_into(http::Exchange& exchange, Call& call) {
    const http::RequestHead& head = exchange.head();
    if (head.framing.kind == http::Framing::Kind::length && head.framing.length > longest_body)
        co_return base::reject(ErrorCode::request_too_large,
                               "the management API takes bodies of up to 64 KiB");
    auto body = co_await exchange.read_body();
    if (!body) co_return std::unexpected(body.error());
    if (body->size() > longest_body)
        co_return base::reject(ErrorCode::request_too_large,
                               "the management API takes bodies of up to 64 KiB");
    auto parsed = parse_body(*body);
    if (!parsed) co_return std::unexpected(parsed.error());
    call.text = std::move(*body);
    call.body = std::move(*parsed);
    co_return Result<void>();
}

Task<Result<Reply>> Dashboard::answer(http::Exchange& exchange, AccessLine& line, const RouteMatch& match) {
    const http::RequestHead& head = exchange.head();
    if (match.allow.empty())
        co_return base::reject(ErrorCode::unknown_path, "there is nothing at " + std::string(head.path) +
                                                            "; GET /api/docs shows the management API");
    if (match.route == nullptr)
        co_return base::reject(ErrorCode::method_not_allowed, "this path takes " + match.allow);
    Call call = make_call(exchange, match);
    if (auto sound = check_sender(head, call.scheme); !sound) co_return std::unexpected(sound.error());
    auto query = Query::parse(head.query);
    if (!query) co_return std::unexpected(query.error());
    call.query = std::move(*query);
    if (auto shown = check_credential(*match.route, call, head.fields); !shown)
        co_return std::unexpected(shown.error());
    if (match.route->method != "GET") {
        const auto read = co_await read_into(exchange, call);
        if (!read) co_return std::unexpected(read.error());
    }
    runtime::BlockingPool& pool = match.route->work == Work::hashing ? services_.hashing : services_.pool;
    auto job = [&call, route = match.route] { return work(*route, call); };
    auto done = co_await pool.run(services_.worker.loop(), std::move(job));
    line.know_account(call.identity.account.id);
    co_return done;
}

Task<> Dashboard::refuse(http::Exchange& exchange, AccessLine& line, const base::Error& error) {
    line.know_reason(error.code);
    if (error.code == ErrorCode::client_gone) co_return; // in the middle of its request
    http::Responder& responder = exchange.responder();
    add_usual_fields(responder, {});
    if (const auto seconds = http::retry_after_seconds(error)) responder.add_field("retry-after", *seconds);
    if (error.code == ErrorCode::invalid_session)
        responder.add_field("set-cookie", "token=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
    const std::string body = http::error_body(error);
    const auto sent = co_await responder.send(http::status_of(error.code), "application/json", body);
    static_cast<void>(sent);
}

Task<> Dashboard::send(http::Exchange& exchange, Reply& answer) {
    add_usual_fields(exchange.responder(), answer);
    if (!answer.more) {
        const std::string_view type = answer.status == 204 ? std::string_view{} : answer.content_type;
        const auto sent = co_await exchange.responder().send(answer.status, type, answer.body);
        static_cast<void>(sent);
        co_return;
    }
    const auto started = co_await exchange.responder().start(answer.status, answer.content_type);
    if (!started) co_return;
    co_await stream(exchange, *answer.more);
}

Task<> Dashboard::stream(http::Exchange& exchange, BodySource& source) {
    for (;;) {
        auto ask = [&source] { return source.next(); };
        const auto piece = co_await services_.pool.run(services_.worker.loop(), std::move(ask));
        if (!piece) {
            exchange.responder().close_after(); // cut short, so that half a file is not taken for a whole one
            co_return;
        }
        if (piece->empty()) break;
        const auto sent = co_await exchange.responder().write(*piece);
        if (!sent) co_return;
    }
    constexpr std::string_view nothing;
    const auto ended = co_await exchange.responder().finish(nothing);
    static_cast<void>(ended);
}

} // namespace

std::unique_ptr<WorkerDashboard> make_dashboard(DashboardServices services,
                                                std::shared_ptr<const DashboardSettings> settings,
                                                std::shared_ptr<const ModelList> models) {
    return std::make_unique<Dashboard>(services, std::move(settings), std::move(models));
}

} // namespace tollgate::dashboard
