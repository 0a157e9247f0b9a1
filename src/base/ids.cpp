#include "tollgate/base/ids.hpp"

#include "tollgate/base/digest.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>

namespace tollgate::base {

namespace {

bool may_be_in_request_id(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

/// From a stock of the thread, because asking OpenSSL each time costs more than the rest of an id. For what
/// is unique, not for what is secret: the stock stays in memory. Good until the next call.
std::span<const std::uint8_t> take_randomness(std::size_t count) {
    thread_local std::array<std::uint8_t, 640> stock{};
    thread_local std::size_t used = stock.size();
    if (stock.size() - used < count) {
        fill_random(stock);
        used = 0;
    }
    used += count;
    return std::span(stock).subspan(used - count, count);
}

} // namespace

KeyId new_key_id() {
    return KeyId("key_" + random_hex(8));
}

AccountId new_account_id() {
    return AccountId("acc_" + random_hex(8));
}

RequestId new_request_id(WallTime now) {
    constexpr std::string_view prefix = "req_";
    constexpr std::size_t time_bytes = 6; // of milliseconds: enough until the year 10889
    constexpr std::size_t random_bytes = 10;
    std::array<std::uint8_t, time_bytes + random_bytes> bytes{};
    auto millis = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count());
    for (std::size_t place = time_bytes; place > 0; millis >>= 8U)
        bytes[--place] = static_cast<std::uint8_t>(millis);
    std::ranges::copy(take_randomness(random_bytes), bytes.begin() + time_bytes);

    std::array<char, prefix.size() + 2 * bytes.size()> text{};
    char* at = std::ranges::copy(prefix, text.data()).out;
    for (const std::uint8_t byte : bytes) {
        *at++ = "0123456789abcdef"[byte >> 4U];
        *at++ = "0123456789abcdef"[byte & 0xFU];
    }
    return RequestId(std::string(text.data(), text.size()));
}

bool is_well_formed_request_id(std::string_view text) {
    return !text.empty() && text.size() <= 128 && std::ranges::all_of(text, may_be_in_request_id);
}

} // namespace tollgate::base
