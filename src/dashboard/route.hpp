// Every call of the management API in one table: method, path, who may, what answers. What is not here is
// 404, another method of a path here is 405. A test holds the table to openapi.json. Pure.
#pragma once

#include "dashboard/call.hpp"

#include <span>
#include <string>
#include <string_view>

namespace tollgate::dashboard {

enum class Who { anyone, member, admin };
std::string_view to_string(Who who);

enum class Work { ordinary, hashing }; // hashing: it computes a password's hash

/// May an API key be shown in place of a session?
enum class Credential { session, session_or_key };

struct Route {
    std::string_view method;
    std::string_view path; // {id} stands for one segment
    Who who;
    base::Result<Reply> (*answer)(Call& call);
    Work work = Work::ordinary;
    Credential credential = Credential::session;
};

std::span<const Route> routes();

/// The place of a request in route_labels(): of a call of the API, and of the page.
std::size_t metric_index(const Route& route);
std::size_t page_metric_index();

struct RouteMatch {
    const Route* route = nullptr; // null: no route has this path and method
    std::string id{};
    std::string allow{}; // methods of the path; empty: there is no such path
};

RouteMatch find_route(std::string_view method, std::string_view path);

} // namespace tollgate::dashboard
