// Identifiers as types of their own, so that a key's id is never taken for a request's.
#pragma once

#include "tollgate/base/time.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace tollgate::base {

template <class Tag>
class Id {
public:
    Id() = default;
    explicit Id(std::string text) : text_(std::move(text)) {}
    const std::string& text() const { return text_; }
    bool empty() const { return text_.empty(); }
    friend auto operator<=>(const Id&, const Id&) = default;

private:
    std::string text_;
};

using KeyId = Id<struct KeyIdTag>;         // "key_" + 16 hex
using AccountId = Id<struct AccountIdTag>; // "acc_" + 16 hex
using RequestId = Id<struct RequestIdTag>; // "req_" + 32 hex, or what a client sent

KeyId new_key_id();
AccountId new_account_id();
/// Later ones sort behind earlier ones, to the millisecond: the books grow at their end.
RequestId new_request_id(WallTime now);

/// 1 to 128 characters of [A-Za-z0-9._-]: a request id that a client may choose.
bool is_well_formed_request_id(std::string_view text);

/// Ids of ours end in random digits: the last sixteen say as much as all of them.
inline std::size_t hash_of_id(std::string_view id) noexcept {
    if (id.size() < 16) return std::hash<std::string_view>{}(id);
    constexpr std::uint64_t odd = 0x9E3779B97F4A7C15;
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::memcpy(&first, id.data() + id.size() - 16, sizeof first);
    std::memcpy(&last, id.data() + id.size() - 8, sizeof last);
    const std::uint64_t mixed = (first * odd ^ last) * odd;
    return mixed ^ (mixed >> 32U);
}

} // namespace tollgate::base

template <class Tag>
struct std::hash<tollgate::base::Id<Tag>> {
    std::size_t operator()(const tollgate::base::Id<Tag>& id) const noexcept {
        return tollgate::base::hash_of_id(id.text());
    }
};
