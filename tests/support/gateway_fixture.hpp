// The gateway with a simulated provider, started as users start them: the programs, a configuration file in a
// folder of its own, keys made on the command line, ports that the system chooses.
#pragma once

#include "support/eventually.hpp"
#include "support/http_client.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace tollgate::testing {

using nlohmann::json;

inline const std::string operator_key = "sk-provider-0123456789-of-the-operator";

class Simulator {
public:
    explicit Simulator(std::vector<std::string> arguments = {});

    /// "http://127.0.0.1:41234"
    const Address& address() const { return address_; }

    /// What it saw of the calls with this tag (all: empty), oldest first.
    std::vector<json> records(const std::string& tag = {}) const;
    /// The one call with this tag, once it has ended.
    json ended_record(const std::string& tag) const;
    std::uint64_t connections() const;

    /// Starts again on the same address.
    void restart();
    int stop() { return process_->stop(); }

private:
    void start(std::vector<std::string> arguments);

    TemporaryDirectory folder_;
    std::vector<std::string> arguments_;
    std::unique_ptr<Process> process_;
    Address address_;
};

struct Key {
    std::string secret{};
    std::string id{};
};

class Gateway {
public:
    /// `settings` are the whole configuration. With `shell`, a shell runs it behind these words.
    explicit Gateway(const json& settings, const std::string& shell = {});

    const Address& address() const { return address_; }
    Response call(const Request& request) const { return Client(address_).call(request); }

    /// Writes other settings into its file and sends SIGHUP; does not wait for the effect.
    void reload(const json& settings) const;

    Key create_key(const std::vector<std::string>& options = {}) const;
    /// `tollgate key …`; what it prints with --json.
    json key_command(std::vector<std::string> arguments) const;

    Process& process() const { return *process_; }
    const std::filesystem::path& folder() const { return folder_.path(); }

private:
    std::string configuration() const { return (folder_.path() / "tollgate.json").string(); }

    TemporaryDirectory folder_;
    std::unique_ptr<Process> process_;
    Address address_;
};

/// The configuration of a gateway in front of a simulator, which is its provider `openai`; `changes` are
/// merged into it (RFC 7396).
json settings_for(const Simulator& simulator, const json& changes);

/// A gateway in front of a simulator.
class Line {
public:
    explicit Line(const json& settings = json::object(),
                  const std::vector<std::string>& simulator_arguments = {});
    /// Both programs must end well: sanitizers report by the exit code.
    ~Line();
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;

    Simulator simulator;
    Gateway gateway;
    Key key;

    /// A chat call of this line's key; `directives` as in "tokens=3+tps=20".
    Request chat(const std::string& directives = {}, const json& more = json::object()) const;
    Response call(const Request& request) const { return gateway.call(request); }
};

/// Tests that share one line, made from `Suite::settings()`.
template <class Suite>
class LineTest : public ::testing::Test {
protected:
    static void SetUpTestSuite() { line_ = std::make_unique<Line>(Suite::settings()); }
    static void TearDownTestSuite() { line_.reset(); }
    static Line& line() { return *line_; }

private:
    inline static std::unique_ptr<Line> line_;
};

/// A name for one test's calls in the provider's log.
std::string new_tag();

/// The error object of an answer; its absence fails the test.
json error_of(const Response& response);

/// The data of the events of a stream's body, "[DONE]" included.
std::vector<std::string> events_of(const std::string& body);

} // namespace tollgate::testing
