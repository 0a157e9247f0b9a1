// What one answer shall be like: speed, token counts, faults. A script is written as directives, in the
// model's name ("gpt-4o+ttft=500"), in the prompt ("[[sim: ttft=500]]"), in a header or on the command line.
// A plain value.
#pragma once

#include "tollgate/base/error.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tollgate::simulator {

enum class FaultKind {
    none,
    cut,      // reset the connection after N
    close,    // end it in an orderly way after N, unfinished
    hang,     // fall silent, from the start or after N
    drip,     // the head one byte at a time, every N ms
    garbage,  // bytes that are not HTTP
    html,     // an error page instead of JSON
    empty,    // a body of no bytes
    badjson,  // JSON that breaks off, well framed
    refuse,   // close without a byte
    redirect, // 307 to somewhere else
    stale,    // close the kept connection after a good answer, unannounced
    extra,    // surplus bytes after a good answer
    early,    // answer before the body has come
    bigbody,  // N bytes of content
};

struct Fault {
    FaultKind kind = FaultKind::none;
    std::optional<std::uint64_t>
        amount{}; // N: events of a stream, bytes of a whole body, or ms; see docs/simulator.md
};

enum class UsagePlace {
    as_asked, // as the provider does it
    off,      // never
    always,   // in a stream also when nobody asked
    every,    // running totals in each chunk
    finish,   // in the chunk that carries the finish reason
    chunk,    // in the chunk with the number `usage_chunk`
};

enum class Cap { honoured, ignored };

struct Script {
    std::chrono::milliseconds first_token{0};
    std::uint32_t tokens_per_second = 0; // 0: all at once
    std::optional<std::uint32_t> tokens{};
    std::optional<std::uint64_t> prompt_tokens{};
    std::uint64_t cached_tokens = 0;
    std::uint64_t cache_write_tokens = 0;
    std::uint64_t reasoning_tokens = 0;
    Cap cap = Cap::honoured; // whether max_tokens of the request ends the answer
    std::string tool{};      // call this one; "none" for text in spite of tools
    std::string model{};     // the name to answer with, empty to echo
    std::string finish{};    // finish reason, empty for the natural one
    std::string code{};      // error code, empty for the usual one of the status
    std::string tag{};       // names a test's requests in the log and for status_once
    UsagePlace usage = UsagePlace::as_asked;
    std::uint32_t usage_chunk = 0;
    int status = 200;
    std::optional<std::uint32_t> retry_after_s{};
    std::optional<std::uint32_t> retry_after_ms{};
    int status_once = 0;
    std::uint32_t status_once_count = 0;
    Fault fault{};
    std::optional<std::uint32_t> error_in_stream{};
    std::uint32_t split = 0; // pieces of this many bytes, 0 for one chunk an event
    std::uint64_t seed = 1;
};

struct Directive {
    std::string_view form;    // "ttft=MS"
    std::string_view meaning; // one line for --help
    bool (*apply)(Script& script, std::string_view value);

    std::string_view name() const { return form.substr(0, form.find('=')); }
};

/// Every directive there is, in the order of the documentation.
std::span<const Directive> directives();

/// Applies "ttft=500 tps=20" (separated by spaces, commas or plus signs). Error: invalid_field, naming the
/// directive; an unknown one is an error, so that a typing mistake does not make a test pass.
base::Result<void> apply_directives(Script& script, std::string_view text);

/// The directives behind the first '+' of a model's name; empty if there are none.
std::string_view directives_of_model(std::string_view model);

/// The directives of the last "[[sim: … ]]" in a text, be it JSON or not; empty if there are none.
std::string_view directives_of_text(std::string_view text);

} // namespace tollgate::simulator
