// The description of the API as a page for people: plain HTML without scripts. Pure.
#pragma once

#include <string>
#include <string_view>

namespace tollgate::dashboard {

struct Documentation {
    std::string html{};
    std::string policy{}; // its Content-Security-Policy: this style sheet and nothing else
};

/// `openapi` is the description as it is built in.
Documentation make_documentation(std::string_view openapi);

} // namespace tollgate::dashboard
