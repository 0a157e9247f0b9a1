// Runs the command line as a person or a script would, on storage of its own.
#pragma once

#include "app/command_line.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <sstream>

namespace tollgate::app {

struct Printed {
    int code = 0;
    std::string out{};
    std::string error{};
    nlohmann::json json() const { return nlohmann::json::parse(out); }
};

class Program : public ::testing::Test {
protected:
    void SetUp() override {
        write("config.yaml", "storage: {database: \"sqlite:" + (directory_.path() / "tollgate.db").string() +
                                 "\"}\nbilling: {currency: INR}\n");
    }

    void write(const std::string& name, const std::string& text) const {
        std::ofstream(directory_.path() / name) << text;
    }
    std::string path(const std::string& name) const { return (directory_.path() / name).string(); }

    /// Without --config.
    Printed run_bare(const std::vector<std::string>& arguments, const std::string& input = {}) {
        std::istringstream in(input);
        std::ostringstream out;
        std::ostringstream error;
        Terminal terminal{
            .in = in, .out = out, .error = error, .environment = config::process_environment(), .now = now_};
        const int code = app::run(arguments, terminal);
        return {.code = code, .out = out.str(), .error = error.str()};
    }

    Printed run(std::vector<std::string> arguments, const std::string& input = {}) {
        arguments.insert(arguments.end(), {"--config", path("config.yaml")});
        return run_bare(arguments, input);
    }

    /// Must succeed; the JSON that it printed.
    nlohmann::json run_json(std::vector<std::string> arguments, const std::string& input = {}) {
        arguments.push_back("--json");
        const Printed printed = run(arguments, input);
        EXPECT_EQ(printed.code, 0) << printed.error;
        return printed.code == 0 ? printed.json() : nlohmann::json();
    }

    base::WallTime now_{std::chrono::sys_days(std::chrono::year(2026) / 11 / 23)};

private:
    testing::TemporaryDirectory directory_;
};

} // namespace tollgate::app
