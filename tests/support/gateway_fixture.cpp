#include "support/gateway_fixture.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <unistd.h>

namespace tollgate::testing {

namespace {

json default_settings() {
    return {{"server", {{"listen", {"127.0.0.1:0"}}, {"workers", 1}, {"drain_timeout", "10s"}}},
            {"storage", {{"database", "sqlite:./tollgate.db"}, {"journal", "./journal"}}},
            {"accounts", {{"concurrency", 0}, {"session_secret", "of-the-tests-0123456789"}}},
            {"billing", {{"prices", TOLLGATE_SOURCES "/config/prices.json"}}},
            {"providers", {{"openai", {{"protocol", "openai"}, {"breaker", {{"failures", 0}}}}}}},
            {"usage", {{"add_cost", false}}},
            {"telemetry", {{"metrics_listen", nullptr}, {"log_format", "json"}}}};
}

} // namespace

json settings_for(const Simulator& simulator, const json& changes) {
    json all = default_settings();
    all["providers"]["openai"]["base_url"] = simulator.address().text + "/v1";
    all["providers"]["openai"]["keys"] = {operator_key};
    all.merge_patch(changes);
    return all;
}

Simulator::Simulator(std::vector<std::string> arguments) : arguments_(std::move(arguments)) {
    std::vector<std::string> with_address = arguments_;
    with_address.insert(with_address.end(), {"--listen", "127.0.0.1:0"});
    const auto tls = std::ranges::find(arguments_, "--tls-certificate");
    if (tls != arguments_.end()) address_.authority = *std::next(tls);
    start(std::move(with_address));
}

void Simulator::start(std::vector<std::string> arguments) {
    process_ = std::make_unique<Process>(TOLLGATE_SIMULATOR, arguments, folder_.path());
    const std::string url = process_->wait_for("listening on ", "\n");
    if (url.empty()) throw std::runtime_error("the simulator did not start: " + process_->output());
    address_.text = url.substr(0, url.find("/v1"));
}

void Simulator::restart() {
    process_->stop();
    std::vector<std::string> with_address = arguments_;
    with_address.insert(with_address.end(), {"--listen", address_.text.substr(address_.text.find("//") + 2)});
    start(std::move(with_address));
}

std::vector<json> Simulator::records(const std::string& tag) const {
    Request request{.method = "GET", .path = "/__requests?limit=100000"};
    if (!tag.empty()) request.path += "&tag=" + tag;
    Client client(address_);
    return json::parse(client.call(request).body).at("requests").get<std::vector<json>>();
}

json Simulator::ended_record(const std::string& tag) const {
    std::vector<json> found;
    const auto has_ended = [&] {
        found = records(tag);
        return !found.empty() && !found.front().at("open").get<bool>();
    };
    EXPECT_TRUE(eventually(has_ended)) << "the provider saw no call that ended, of " << tag;
    EXPECT_EQ(found.size(), 1U) << tag;
    return found.empty() ? json() : found.front();
}

std::uint64_t Simulator::connections() const {
    Client client(address_);
    const Response response = client.call({.method = "GET", .path = "/__connections"});
    return json::parse(response.body).at("open").get<std::uint64_t>() - 1; // without this one
}

Gateway::Gateway(const json& settings, const std::string& shell) {
    json all = settings;
    std::ofstream(configuration()) << all.dump(2);
    std::vector<std::string> arguments{"serve", "--config", configuration()};
    if (!shell.empty()) arguments = {"-c", shell + TOLLGATE_PROGRAM + " serve --config " + configuration()};
    process_ =
        std::make_unique<Process>(shell.empty() ? TOLLGATE_PROGRAM : "/bin/sh", arguments, folder_.path());
    address_.text = process_->wait_for(R"("message":"listening","address":")", "\"");
    if (address_.text.empty()) throw std::runtime_error("the gateway did not start: " + process_->output());
    address_.authority = all["server"].value("/tls/certificate"_json_pointer, "");
    if (address_.text.starts_with("unix:"))
        address_.text = "unix:" + (folder_.path() / address_.text.substr(5)).string();
}

void Gateway::reload(const json& settings) const {
    std::ofstream(configuration()) << settings.dump(2);
    process_->send(SIGHUP);
}

json Gateway::key_command(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "key");
    arguments.insert(arguments.end(), {"--json", "--config", configuration()});
    const Finished finished = run(TOLLGATE_PROGRAM, arguments, folder_.path());
    if (finished.exit_code != 0) throw std::runtime_error("tollgate key failed: " + finished.output);
    return json::parse(finished.output);
}

Key Gateway::create_key(const std::vector<std::string>& options) const {
    std::vector<std::string> arguments{"create", "--name", "test"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const json made = key_command(arguments);
    return {made.at("key"), made.at("id")};
}

Line::Line(const json& settings, const std::vector<std::string>& simulator_arguments)
    : simulator(simulator_arguments),
      gateway(settings_for(simulator, settings)),
      key(gateway.create_key({"--rate-limit", "10000"})) {}

Line::~Line() {
    EXPECT_EQ(gateway.process().stop(), 0) << gateway.process().output();
    EXPECT_EQ(simulator.stop(), 0);
}

Request Line::chat(const std::string& directives, const json& more) const {
    json body{{"model", directives.empty() ? "gpt-4o-mini" : "gpt-4o-mini+" + directives},
              {"messages", json::array({{{"role", "user"}, {"content", "Say hello."}}})}};
    body.update(more);
    Request request;
    request.key = key.secret;
    request.body = body.dump();
    return request;
}

std::string new_tag() {
    static int last = 0;
    return "call-" + std::to_string(::getpid()) + "-" + std::to_string(++last);
}

json error_of(const Response& response) {
    const json body = json::parse(response.body, nullptr, false);
    EXPECT_TRUE(body.is_object() && body.contains("error")) << response.head << response.body;
    return body.is_object() ? body.value("error", json::object()) : json::object();
}

std::vector<std::string> events_of(const std::string& body) {
    std::vector<std::string> events;
    std::size_t at = 0;
    for (std::size_t end = body.find("\n\n"); end != std::string::npos; end = body.find("\n\n", at)) {
        const std::string event = body.substr(at, end - at);
        EXPECT_TRUE(event.starts_with("data: ")) << event;
        events.push_back(event.substr(6));
        at = end + 2;
    }
    EXPECT_EQ(at, body.size()) << "the body ends inside an event";
    return events;
}

} // namespace tollgate::testing
