// The names of everything of ours in Redis: the one place that spells them. What belongs to an account
// carries it as hash tag, so that a cluster keeps it on one server.
#pragma once

#include "tollgate/base/call_id.hpp"
#include "tollgate/base/digest.hpp"
#include "tollgate/base/ids.hpp"

#include <string>
#include <string_view>

namespace tollgate::storage::redis {

inline std::string quota_key(const base::AccountId& account) {
    return "tollgate:q:{" + account.text() + "}";
}

inline std::string window_key(const base::AccountId& account, std::string_view key) {
    return ("tollgate:w:{" + account.text() + "}:").append(key);
}

inline std::string record_key(const base::Digest& secret) {
    return "tollgate:k:" + base::to_hex(secret.bytes);
}

// Fields of an account's hash.
inline std::string request_field(const base::RequestId& id) {
    return std::string("r").append(base::CallId(id.text()).shorter()); // Redis' Lua hashes every byte of it
}
inline std::string key_field(const base::KeyId& id) {
    return "k" + id.text();
}
inline std::string purse_field(const std::string& name) {
    return "p" + name;
}
inline std::string worker_field(const std::string& session) {
    return "s" + session;
}

} // namespace tollgate::storage::redis
