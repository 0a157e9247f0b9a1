#include "dashboard/throttle.hpp"

#include "tollgate/base/digest.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <span>

namespace tollgate::dashboard {

namespace {

/// People type passwords where an address belongs: what they typed is not kept.
std::string veiled(std::string_view text) {
    return base::to_hex(std::span<const std::uint8_t>(base::sha256(text).bytes).first(16));
}

} // namespace

std::string network_of(std::string_view address) {
    std::array<std::uint8_t, 16> bytes{};
    if (inet_pton(AF_INET6, std::string(address).c_str(), bytes.data()) != 1) return std::string(address);
    const bool is_mapped =
        std::ranges::all_of(std::span(bytes).first(10), [](auto byte) { return byte == 0; }) &&
        bytes[10] == 0xff && bytes[11] == 0xff;
    return base::to_hex(is_mapped ? std::span<const std::uint8_t>(bytes).last(4)
                                  : std::span<const std::uint8_t>(bytes).first(8));
}

std::vector<Throttle::Limit> Throttle::limits_of(const Attempt& attempt) const {
    const std::string account = veiled(attempt.account);
    if (!attempt.device.empty())
        return {{"device " + account + " " + veiled(attempt.device), rules_.per_device, rules_.window}};
    const std::string network = network_of(attempt.address);
    return {{"pair " + account + " " + network, rules_.per_pair, rules_.window},
            {"account " + account, rules_.per_account, rules_.window},
            {"address " + network, rules_.per_address, rules_.address_window}};
}

base::Result<void> Throttle::check(const Attempt& attempt, base::WallTime now) {
    for (const Limit& limit : limits_of(attempt)) {
        const auto count = attempts_.count(limit.subject, now - limit.window);
        if (!count) return base::fail(count.error());
        if (*count < limit.most) continue;
        return base::fail(base::Error{.code = base::ErrorCode::too_many_attempts,
                                      .source = base::ErrorSource::client,
                                      .message = "too many failed attempts; wait up to " +
                                                 std::to_string(limit.window.count()) +
                                                 " minutes and try again",
                                      .retry_after = std::chrono::minutes(1)});
    }
    return {};
}

base::Result<void> Throttle::failed(const Attempt& attempt, base::WallTime now) {
    std::vector<std::string> subjects;
    for (Limit& limit : limits_of(attempt)) subjects.push_back(std::move(limit.subject));
    return attempts_.add(subjects, now);
}

base::Result<void> Throttle::succeeded(const Attempt& attempt) {
    // The pair and the device alone: others may go on guessing at the account, or from the address.
    return attempts_.forget(limits_of(attempt).front().subject);
}

} // namespace tollgate::dashboard
