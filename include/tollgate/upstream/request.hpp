// The request that goes to a provider, rebuilt from parts: its Host, its credential, our framing, and the
// client's fields that may cross (http/header_rules.hpp).
#pragma once

#include "tollgate/http/head.hpp"
#include "tollgate/http/head_text.hpp"
#include "tollgate/upstream/provider.hpp"

#include <cstddef>
#include <string_view>

namespace tollgate::upstream {

struct RequestTarget {
    std::string_view path{};    // below the base URL: "/chat/completions"
    std::size_t credential = 0; // index into Provider::keys
    std::size_t body_length = 0;
};

/// The head, blank line included, of a POST in the OpenAI dialect.
http::HeadText build_request_head(const Provider& provider, const RequestTarget& target,
                                  const http::Fields& client_fields);

} // namespace tollgate::upstream
