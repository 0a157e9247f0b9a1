#include "tollgate/domain/key.hpp"

#include "domain/address_block.hpp"
#include "domain/text.hpp"

#include <algorithm>

namespace tollgate::domain {

namespace {

constexpr std::size_t max_name_characters = 100;
constexpr std::size_t max_list_entries = 100;
constexpr std::size_t max_pattern_bytes = 128;
constexpr std::size_t max_model_bytes = 256;
constexpr std::uint64_t max_token_limit = 1'000'000'000'000;
constexpr std::size_t max_metadata_entries = 16;
constexpr std::size_t max_metadata_name = 64;
constexpr std::size_t max_metadata_value = 512;

base::Result<void> reject_field(const char* param, std::string message) {
    return base::reject(base::ErrorCode::invalid_field, std::string(param) + " " + std::move(message), param);
}

bool is_shown_text(std::string_view text, std::size_t least, std::size_t most) {
    const auto characters = count_characters(text);
    return characters && *characters >= least && *characters <= most;
}

base::Result<void> check_limits(const Policy& policy, std::uint32_t max_rate_limit) {
    if (policy.rate_limit < 1 || policy.rate_limit > max_rate_limit) {
        return reject_field("rate_limit", "must be from 1 to " + std::to_string(max_rate_limit));
    }
    if (policy.token_limit && (*policy.token_limit < 1 || *policy.token_limit > max_token_limit)) {
        return reject_field("token_limit", "must be from 1 to " + std::to_string(max_token_limit));
    }
    if (policy.concurrency && *policy.concurrency < 1) {
        return reject_field("concurrency", "must be at least 1");
    }
    if (policy.budget && policy.budget->is_negative()) return reject_field("budget", "must not be negative");
    return {};
}

base::Result<void> check_models(const std::vector<std::string>& models) {
    if (models.size() > max_list_entries) {
        return reject_field("models", "must have at most " + std::to_string(max_list_entries) + " entries");
    }
    for (const std::string& pattern : models) {
        if (!is_shown_text(pattern, 1, max_pattern_bytes) || pattern.size() > max_pattern_bytes) {
            return reject_field("models", "must hold patterns of 1 to " + std::to_string(max_pattern_bytes) +
                                              " bytes without control characters");
        }
    }
    return {};
}

base::Result<void> check_addresses(const std::vector<std::string>& blocks) {
    if (blocks.size() > max_list_entries) {
        return reject_field("ip_allow", "must have at most " + std::to_string(max_list_entries) + " entries");
    }
    for (const std::string& block : blocks) {
        if (!parse_block(block)) {
            return reject_field("ip_allow", "must hold CIDR blocks such as 10.0.0.0/8 or 2001:db8::/32, "
                                            "with no bits set behind the prefix");
        }
    }
    return {};
}

base::Result<void> check_metadata(const std::map<std::string, std::string>& metadata) {
    if (metadata.size() > max_metadata_entries) {
        return reject_field("metadata",
                            "must have at most " + std::to_string(max_metadata_entries) + " entries");
    }
    for (const auto& [name, value] : metadata) {
        if (!is_shown_text(name, 1, max_metadata_name) || !is_shown_text(value, 0, max_metadata_value)) {
            return reject_field("metadata", "must hold names of 1 to " + std::to_string(max_metadata_name) +
                                                " and values of at most " +
                                                std::to_string(max_metadata_value) +
                                                " characters without control characters");
        }
    }
    return {};
}

} // namespace

bool matches_pattern(std::string_view pattern, std::string_view model) {
    // Bounds the time: no provider names a model at such length.
    if (model.size() > max_model_bytes) return false;
    const auto first_star = pattern.find('*');
    if (first_star == std::string_view::npos) return pattern == model;
    const auto last_star = pattern.rfind('*');
    const std::string_view head = pattern.substr(0, first_star);
    const std::string_view tail = pattern.substr(last_star + 1);
    if (model.size() < head.size() + tail.size() || !model.starts_with(head) || !model.ends_with(tail)) {
        return false;
    }

    // Between the outer stars every piece takes its leftmost place; one further right never helps.
    std::string_view rest = model.substr(head.size(), model.size() - head.size() - tail.size());
    std::string_view pieces = pattern.substr(first_star, last_star - first_star);
    while (!pieces.empty()) {
        pieces.remove_prefix(1);
        const std::string_view piece = pieces.substr(0, pieces.find('*'));
        const auto place = rest.find(piece);
        if (place == std::string_view::npos) return false;
        rest.remove_prefix(place + piece.size());
        pieces.remove_prefix(piece.size());
    }
    return true;
}

bool is_model_allowed(const Policy& policy, std::string_view model) {
    return policy.models.empty() || std::ranges::any_of(policy.models, [&](const std::string& pattern) {
               return matches_pattern(pattern, model);
           });
}

bool is_address_allowed(const Policy& policy, std::string_view address) {
    if (policy.ip_allow.empty()) return true;
    const auto parsed = parse_address(address);
    return parsed && std::ranges::any_of(policy.ip_allow, [&](const std::string& text) {
               const auto block = parse_block(text);
               return block && contains(*block, *parsed);
           });
}

base::Result<void> validate_key(const ApiKey& key, std::uint32_t max_rate_limit) {
    if (!is_shown_text(key.name, 1, max_name_characters)) {
        return reject_field("name", "must have 1 to " + std::to_string(max_name_characters) +
                                        " characters of UTF-8 without control characters");
    }
    if (auto limits = check_limits(key.policy, max_rate_limit); !limits) return limits;
    if (auto models = check_models(key.policy.models); !models) return models;
    if (auto addresses = check_addresses(key.policy.ip_allow); !addresses) return addresses;
    return check_metadata(key.metadata);
}

} // namespace tollgate::domain
