#include "storage/postgres/connection_string.hpp"

#include <libpq-fe.h>

#include <map>
#include <memory>
#include <string>

namespace tollgate::storage::postgres {

namespace {

using Options = std::map<std::string, std::string, std::less<>>;

struct FreeOptions {
    void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

Options given_options(const PQconninfoOption* each) {
    Options options;
    for (; each->keyword != nullptr; ++each) {
        if (each->val != nullptr) options[each->keyword] = each->val;
    }
    return options;
}

void add_defaults(Options& options, std::chrono::milliseconds connect_timeout) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(connect_timeout);
    options.try_emplace("connect_timeout", std::to_string(seconds.count()));
    options.try_emplace("application_name", "tollgate");
    options.try_emplace("client_encoding", "UTF8");
    options.try_emplace("keepalives_idle", "30");
    options.try_emplace("keepalives_interval", "10");
    options.try_emplace("keepalives_count", "3");
    const auto host = options.find("host");
    const auto address = options.find("hostaddr");
    const bool is_several = (host != options.end() && host->second.contains(',')) ||
                            (address != options.end() && address->second.contains(','));
    if (is_several) options.try_emplace("target_session_attrs", "read-write");
}

std::string quoted(std::string_view value) {
    std::string text = "'";
    for (const char c : value) {
        if (c == '\'' || c == '\\') text += '\\';
        text += c;
    }
    return text + "'";
}

} // namespace

base::Result<base::Secret> connection_string(const base::Secret& url,
                                             std::chrono::milliseconds connect_timeout) {
    char* complaint = nullptr;
    const std::unique_ptr<PQconninfoOption, FreeOptions> parsed(
        PQconninfoParse(std::string(url.expose()).c_str(), &complaint));
    if (parsed == nullptr) {
        PQfreemem(complaint); // it may quote the password
        return base::fail(base::ErrorCode::invalid_configuration, base::ErrorSource::internal,
                          "storage.database is not a URL that PostgreSQL's library understands: "
                          "postgresql://user:password@host:5432/name?option=value, with special characters "
                          "of the password written as %XX");
    }
    Options options = given_options(parsed.get());
    add_defaults(options, connect_timeout);
    std::string text;
    for (const auto& [name, value] : options) text += name + "=" + quoted(value) + " ";
    return base::Secret(std::move(text));
}

} // namespace tollgate::storage::postgres
