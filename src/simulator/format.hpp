// A provider's wire format: routes and the shape of its errors. One format is one set of files (openai_*.cpp)
// and one line in routes.cpp. Pure: a call in, a rendered answer out.
#pragma once

#include "simulator/call.hpp"
#include "simulator/reply.hpp"

#include <span>
#include <string>
#include <string_view>

namespace tollgate::simulator {

/// What went wrong in the provider's own words; empty parts take what is usual for the status.
struct Failure {
    int status = 500;
    std::string message{};
    std::string type{};
    std::string code{};
    std::string param{};
};

struct Format {
    /// The error answer of this format, headers included.
    Reply (*error)(const Failure& failure);
    /// One line of JSON for an error in the middle of a stream, and the event's name (may be empty).
    std::string_view stream_error_name;
    std::string (*stream_error)(const Failure& failure);
    /// "Incorrect API key": quotes the ends of the key as the provider does.
    Failure (*wrong_key)(std::string_view key);
};

struct Route {
    std::string_view method;
    std::string_view path; // behind "/v1/"; a final '*' stands for anything
    const Format* format;
    Reply (*answer)(const Call& call);

    bool matches(std::string_view rest) const;
};

std::span<const Route> openai_routes();
std::span<const Route> anthropic_routes();
std::span<const Route> gemini_routes();
const Format& openai_format();

} // namespace tollgate::simulator
