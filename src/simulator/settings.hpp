// What the command line decides. Read once, then constant; shared by all threads.
#pragma once

#include "simulator/script.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tollgate::simulator {

enum class Recording { off, heads, bodies };

struct Settings {
    std::string listen = "127.0.0.1:0"; // ADDRESS:PORT, [ADDRESS]:PORT or unix:PATH
    unsigned threads = 1;
    std::uint32_t tokens = 32; // of an answer whose script does not say
    Script script{};           // what applies before the request's own directives
    std::string require_key{}; // empty: any key and none will do
    std::string tls_certificate{};
    std::string tls_key{};
    Recording recording = Recording::bodies;
    std::size_t record_count = 100'000;
    std::size_t record_bytes = 256U << 20U; // of all records together
    std::size_t body_bytes = 64U << 10U;    // kept of each body
};

} // namespace tollgate::simulator
