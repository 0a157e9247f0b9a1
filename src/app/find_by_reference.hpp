// What a person may write for an account or a key: less than the whole id where that is enough.
#pragma once

#include "tollgate/ports/accounts.hpp"
#include "tollgate/ports/key_store.hpp"

#include <string>
#include <vector>

namespace tollgate::app {

/// By e-mail address or id. Errors: not_found, storage_unavailable.
base::Result<ports::Account> find_account(ports::Accounts& accounts, const std::string& reference);

/// By id, by name, or by the first characters of an id (at least four, "key_" may be left out). Among several
/// of a name the one that is not revoked counts. Errors: not_found, conflict (several fit),
/// storage_unavailable.
base::Result<domain::ApiKey> find_key(ports::KeyStore& keys, const std::string& reference);

/// Every key, or those of one account, newest first.
base::Result<std::vector<domain::ApiKey>> list_keys(ports::KeyStore& keys,
                                                    const std::optional<base::AccountId>& account_id);

/// ASCII letters in lower case: how e-mail addresses are stored.
std::string lower_case(std::string text);

} // namespace tollgate::app
