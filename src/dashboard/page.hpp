// The web page: which of the built-in files answers a request, in which coding, with which fields. Pure.
#pragma once

#include "dashboard/embedded.hpp"
#include "tollgate/http/head.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tollgate::dashboard {

struct PageAnswer {
    int status = 200;
    std::string_view type{};
    std::string_view body{};
    std::vector<std::pair<std::string, std::string>> fields{};
};

/// Errors: unknown_path, method_not_allowed. A path that is no file is a place within the page, if a browser
/// goes there (it accepts text/html); whoever else asks has taken a wrong turn and is told so.
base::Result<PageAnswer> answer_page(const http::RequestHead& head);

/// Is this coding acceptable (RFC 9110 §12.5.3)? Only if it is named, and not with a weight of zero.
bool accepts_coding(std::string_view accept_encoding, std::string_view coding);

} // namespace tollgate::dashboard
