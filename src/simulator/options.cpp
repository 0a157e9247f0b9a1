#include "simulator/options.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>

namespace tollgate::simulator {

namespace {

std::string directive_table() {
    std::string text =
        "Directives, in the model's name (gpt-4o+ttft=500+tokens=100), in the prompt ([[sim: ttft=500 "
        "fault=cut:5]]),\nin the header x-simulator or in --script:\n";
    for (const Directive& directive : directives()) {
        std::string form(directive.form);
        form.resize(std::max<std::size_t>(form.size() + 1, 34), ' ');
        text.append("  ").append(form).append(directive.meaning).append("\n");
    }
    return text + "The simulator's own paths: GET /__requests?since=N&tag=NAME&limit=N, GET "
                  "/__requests/count?tag=NAME,\n"
                  "DELETE /__requests, GET /__connections, GET /__health.\n";
}

struct Raw {
    std::uint32_t first_token_ms = 0;
    std::string record = "bodies";
    std::string script;
};

void declare(CLI::App& app, Options& options, Raw& raw) {
    Settings& settings = options.settings;
    app.add_option("--listen", settings.listen, "ADDRESS:PORT or unix:PATH; port 0 takes a free one")
        ->capture_default_str();
    app.add_option("--threads", settings.threads)->check(CLI::Range(1, 256))->capture_default_str();
    app.add_option("--first-token-ms", raw.first_token_ms, "time to the first token")
        ->check(CLI::Range(0, 86'400'000))
        ->capture_default_str();
    app.add_option("--tokens-per-second", settings.script.tokens_per_second,
                   "of each answer; 0 sends all at once")
        ->check(CLI::Range(0, 1'000'000))
        ->capture_default_str();
    app.add_option("--tokens", settings.tokens, "completion tokens of an answer")
        ->check(CLI::Range(0, 1'000'000))
        ->capture_default_str();
    app.add_option("--script", raw.script,
                   "directives that hold for every request, for example \"fault=hang\"");
    app.add_option("--require-key", settings.require_key, "refuse every other key with 401");
    app.add_option("--tls-certificate", settings.tls_certificate, "PEM chain; serves https");
    app.add_option("--tls-key", settings.tls_key, "PEM private key");
    app.add_option("--record", raw.record, "what /__requests keeps")
        ->check(CLI::IsMember({"off", "heads", "bodies"}))
        ->capture_default_str();
    app.add_flag("--quiet", options.quiet, "do not print the address");
}

Recording recording_of(const std::string& name) {
    if (name == "off") return Recording::off;
    return name == "heads" ? Recording::heads : Recording::bodies;
}

} // namespace

std::expected<Options, Exit> parse_options(int argc, const char* const* argv) {
    Options options;
    Raw raw;
    CLI::App app("tollgate-simulator: a stand-in for an LLM provider, for trials, tests and benchmarks",
                 "tollgate-simulator");
    declare(app, options, raw);
    app.footer(directive_table());
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        return std::unexpected(Exit{.status = 0, .text = app.help()});
    } catch (const CLI::ParseError& error) {
        return std::unexpected(Exit{.status = 2, .text = std::string(error.what()) + "\n"});
    }
    options.settings.script.first_token = std::chrono::milliseconds(raw.first_token_ms);
    options.settings.recording = recording_of(raw.record);
    const auto applied = apply_directives(options.settings.script, raw.script);
    if (!applied) return std::unexpected(Exit{.status = 2, .text = applied.error().message + "\n"});
    return options;
}

} // namespace tollgate::simulator
