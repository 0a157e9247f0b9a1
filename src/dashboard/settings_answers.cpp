// What everybody may know: settings, the catalogue, the description of this API.
#include "dashboard/answers.hpp"
#include "dashboard/documentation.hpp"
#include "dashboard/embedded.hpp"
#include "tollgate/base/password.hpp"

namespace tollgate::dashboard {

namespace {

std::string_view to_string(Registration registration) {
    switch (registration) {
    case Registration::open: return "open";
    case Registration::invite: return "invite";
    case Registration::closed: return "closed";
    }
    return "";
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool contains_ignoring_case(std::string_view text, std::string_view part) {
    return !std::ranges::search(text, part, {}, lower, lower).empty() || part.empty();
}

} // namespace

base::Result<Reply> show_settings(Call& call) {
    if (auto done = call.query.finish(); !done) return base::fail(done.error());
    const auto first = needs_first_account(call);
    if (!first) return base::fail(first.error());
    const DashboardSettings& settings = call.parts.settings;
    return reply({{"version", settings.version},
                  {"currency", settings.currency},
                  {"time_zone", settings.time_zone},
                  {"registration", to_string(settings.registration)},
                  {"needs_first_account", *first},
                  {"wallet", settings.wallets == Wallets::on},
                  {"usd_rate", settings.usd_rate},
                  {"buffer", settings.buffer},
                  {"markup", settings.markup},
                  {"default_rate_limit", settings.default_rate_limit},
                  {"max_rate_limit", settings.max_rate_limit},
                  {"account_concurrency", settings.account_concurrency},
                  {"password_min_length", base::min_password_length},
                  {"password_max_length", base::max_password_length},
                  {"session_seconds", settings.session_time.count()},
                  {"retention_days", settings.retention_days},
                  {"base_path", "/v1"}});
}

base::Result<Reply> list_models(Call& call) {
    const std::string search = call.query.text("search").value_or("");
    const auto provider = call.query.text("provider");
    const auto mode = call.query.text("mode");
    if (auto done = call.query.finish(); !done) return base::fail(done.error());
    Reply answer;
    answer.body =
        R"({"object":"list","currency":)" + dump(Json(call.parts.settings.currency)) + R"(,"data":[)";
    bool is_first = true;
    for (const ListedModel& model : call.models->models) {
        if (provider && model.provider != *provider) continue;
        if (mode && model.mode != *mode) continue;
        if (!contains_ignoring_case(model.id, search)) continue;
        if (!is_first) answer.body += ',';
        is_first = false;
        answer.body += model.json;
    }
    answer.body += "]}";
    return answer;
}

base::Result<Reply> show_description(Call& call) {
    if (auto done = call.query.finish(); !done) return base::fail(done.error());
    Reply answer;
    answer.body = find_embedded("/api/openapi.json")->plain;
    return answer;
}

base::Result<Reply> show_documentation(Call& call) {
    if (auto done = call.query.finish(); !done) return base::fail(done.error());
    const Documentation page = make_documentation(find_embedded("/api/openapi.json")->plain);
    Reply answer;
    answer.content_type = "text/html; charset=utf-8";
    answer.body = page.html;
    answer.fields.emplace_back("content-security-policy", page.policy);
    return answer;
}

} // namespace tollgate::dashboard
