#include "app/find_by_reference.hpp"

#include <algorithm>

namespace tollgate::app {

namespace {

constexpr std::size_t shortest_prefix = 4;
constexpr std::size_t page_size = 1000;
constexpr std::size_t most_named = 5;

using Keys = std::vector<domain::ApiKey>;

bool has_prefix(const domain::ApiKey& key, const std::string& reference) {
    if (reference.starts_with("key_")) {
        return reference.size() >= 4 + shortest_prefix && key.id.text().starts_with(reference);
    }
    return reference.size() >= shortest_prefix && key.id.text().starts_with("key_" + reference);
}

Keys select(const Keys& keys, const auto& fits) {
    Keys found;
    std::ranges::copy_if(keys, std::back_inserter(found), fits);
    return found;
}

/// Those with this id, else those of this name, else those whose id begins so.
Keys candidates(const Keys& keys, const std::string& reference) {
    Keys found = select(keys, [&](const auto& key) { return key.id.text() == reference; });
    if (found.empty()) found = select(keys, [&](const auto& key) { return key.name == reference; });
    if (found.empty()) found = select(keys, [&](const auto& key) { return has_prefix(key, reference); });
    if (found.size() < 2) return found;
    const Keys living = select(found, [](const auto& key) { return key.state != domain::KeyState::revoked; });
    return living.size() == 1 ? living : found;
}

std::unexpected<base::Error> refuse_several(const Keys& found, const std::string& reference) {
    std::string ids;
    for (std::size_t i = 0; i < found.size() && i < most_named; ++i) ids += " " + found[i].id.text();
    if (found.size() > most_named) ids += " …";
    return base::reject(base::ErrorCode::conflict,
                        "'" + reference + "' fits several keys; give the id of one:" + ids);
}

} // namespace

std::string lower_case(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return text;
}

base::Result<ports::Account> find_account(ports::Accounts& accounts, const std::string& reference) {
    auto found = accounts.find_by_email(lower_case(reference));
    if (found && !*found) found = accounts.find(base::AccountId(reference));
    if (!found) return base::fail(std::move(found.error()));
    if (*found) return std::move(**found);
    return base::reject(base::ErrorCode::not_found,
                        "there is no account '" + reference + "': see 'tollgate user list'");
}

base::Result<Keys> list_keys(ports::KeyStore& keys, const std::optional<base::AccountId>& account_id) {
    Keys all;
    ports::KeyFilter filter{.account_id = account_id, .limit = page_size};
    do {
        auto page = keys.list(filter);
        if (!page) return base::fail(std::move(page.error()));
        std::ranges::move(page->keys, std::back_inserter(all));
        filter.after = page->next;
    } while (filter.after);
    return all;
}

base::Result<domain::ApiKey> find_key(ports::KeyStore& keys, const std::string& reference) {
    if (reference.starts_with("sk-")) {
        return base::reject(base::ErrorCode::invalid_field,
                            "give the key's id or name, not the secret: see 'tollgate key list'");
    }
    const auto all = list_keys(keys, std::nullopt);
    if (!all) return base::fail(all.error());
    const Keys found = candidates(*all, reference);
    if (found.size() > 1) return refuse_several(found, reference);
    if (found.size() == 1) return found.front();
    return base::reject(base::ErrorCode::not_found,
                        "there is no key '" + reference + "': see 'tollgate key list'");
}

} // namespace tollgate::app
