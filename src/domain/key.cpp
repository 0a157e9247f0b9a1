#include "tollgate/domain/key.hpp"

#include <algorithm>
#include <array>

namespace tollgate::domain {

namespace {

constexpr std::string_view secret_prefix = "sk-";

bool is_lower_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

template <class Word, std::size_t size>
base::Result<Word> parse_word(std::string_view text, const std::array<Word, size>& words, const char* param) {
    std::string choices;
    for (const Word word : words) {
        if (to_string(word) == text) return word;
        choices += (choices.empty() ? "" : ", ") + std::string(to_string(word));
    }
    return base::reject(base::ErrorCode::invalid_field, std::string(param) + " must be one of: " + choices,
                        param);
}

} // namespace

std::string_view to_string(KeyState state) {
    switch (state) {
    case KeyState::active: return "active";
    case KeyState::disabled: return "disabled";
    case KeyState::revoked: return "revoked";
    }
    return "revoked";
}

std::string_view to_string(BudgetPeriod period) {
    switch (period) {
    case BudgetPeriod::none: return "none";
    case BudgetPeriod::daily: return "daily";
    case BudgetPeriod::weekly: return "weekly";
    case BudgetPeriod::monthly: return "monthly";
    }
    return "none";
}

std::string_view to_string(OnDisconnect choice) {
    switch (choice) {
    case OnDisconnect::cancel: return "cancel";
    case OnDisconnect::drain: return "drain";
    }
    return "cancel";
}

base::Result<KeyState> parse_key_state(std::string_view text) {
    return parse_word(text, std::array{KeyState::active, KeyState::disabled, KeyState::revoked}, "state");
}

base::Result<BudgetPeriod> parse_budget_period(std::string_view text) {
    return parse_word(
        text,
        std::array{BudgetPeriod::none, BudgetPeriod::daily, BudgetPeriod::weekly, BudgetPeriod::monthly},
        "budget_period");
}

base::Result<OnDisconnect> parse_on_disconnect(std::string_view text) {
    return parse_word(text, std::array{OnDisconnect::cancel, OnDisconnect::drain}, "on_disconnect");
}

bool is_well_formed_key(std::string_view text) {
    if (text.size() != key_length || !text.starts_with(secret_prefix)) return false;
    // All of them, without a way out, so that the compiler can take many at once.
    unsigned odd = 0;
    for (std::size_t at = secret_prefix.size(); at < key_length; ++at)
        odd |= is_lower_hex(text[at]) ? 0U : 1U;
    return odd == 0;
}

std::string generate_key() {
    constexpr std::size_t random_bytes = (key_length - secret_prefix.size()) / 2;
    return std::string(secret_prefix) + base::random_hex(random_bytes);
}

base::Result<void> check_usable(const KeyRecord& record, base::WallTime now) {
    using enum base::ErrorCode;
    const ApiKey& key = record.key;
    if (key.state == KeyState::revoked) return base::reject(revoked_key, "This API key was revoked.");
    if (key.state == KeyState::disabled) return base::reject(disabled_key, "This API key is disabled.");
    if (record.account_disabled) {
        return base::reject(account_disabled, "The account of this API key is disabled.");
    }
    if (key.expires_at && now >= *key.expires_at) {
        return base::reject(expired_key,
                            "This API key expired at " + base::to_rfc3339(*key.expires_at) + ".");
    }
    if (record.secret_expires_at && now >= *record.secret_expires_at) {
        return base::reject(invalid_key, "This API key was replaced by a new one.");
    }
    return {};
}

} // namespace tollgate::domain
