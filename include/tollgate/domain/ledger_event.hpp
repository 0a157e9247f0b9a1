// What the books are made of: a call that was begun (open record), what it has used so far (checkpoint) and
// how it ended (usage event). Pure values: workers fill them, the journal stores them, the ledger counts
// them.
#pragma once

#include "tollgate/base/ids.hpp"
#include "tollgate/base/money.hpp"
#include "tollgate/base/time.hpp"
#include "tollgate/domain/usage.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::domain {

/// Is the account's wallet charged as well as the key's budget?
enum class WalletUse : std::uint8_t { none, charged };

enum class Delivery : std::uint8_t { plain, stream };

/// Was the client still there when the answer ended?
enum class ClientEnd : std::uint8_t { stayed, gone };

std::string_view to_string(Delivery delivery); // "plain", "stream"
std::string_view to_string(ClientEnd end);     // "stayed", "gone"

/// Whose the texts of a record are: its own, or of others who keep them where they are while it is looked at.
struct Owned {
    using Text = std::string;
    template <class Tag>
    using Id = base::Id<Tag>;
};
struct Lent {
    using Text = std::string_view;
    template <class Tag>
    using Id = std::string_view;
};

/// Written before the request goes upstream, so that a call of a process that dies is charged all the same.
///
/// `request_id` is the name under which the call is counted once and for ever: it must be one that we made
/// (base::new_request_id), never what a client sent, or a client that repeats itself would call for free.
template <class Texts>
struct OpenFields {
    using Text = typename Texts::Text;
    typename Texts::template Id<base::RequestIdTag> request_id{};
    Text client_request_id{}; // x-request-id of the client, for display; may repeat
    typename Texts::template Id<base::KeyIdTag> key_id{};
    typename Texts::template Id<base::AccountIdTag> account_id{};
    std::chrono::local_days day{}; // in billing.time_zone, at the reservation: names the purses (purse.hpp)
    WalletUse wallet = WalletUse::none;
    base::Money bound{};          // the most that was set aside
    base::Money input_estimate{}; // charged when the process dies before anything was metered
    Text endpoint{};
    Text model{}; // as the client asked
    Text provider{};
    Text upstream_model{};
    Delivery delivery = Delivery::plain;
    Text currency{};
    Text usd_rate{};
    Text price_version{};
    base::WallTime started_at{};
    Text node{};
    friend bool operator==(const OpenFields&, const OpenFields&) = default;
};

using OpenRecord = OpenFields<Owned>;
using OpenView = OpenFields<Lent>;

OpenView view_of(const OpenRecord& record);
OpenRecord copy_of(const OpenView& view);

/// What a long stream has used until now; the newest one of a request counts, in place of the input estimate.
struct Checkpoint {
    base::RequestId request_id{};
    base::Money cost{};
    Usage usage{};
    friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

/// The closed record: one call, charged exactly once by `request_id`.
template <class Texts>
struct UsageFields {
    using Text = typename Texts::Text;
    typename Texts::template Id<base::RequestIdTag> request_id{}; // the open record's
    Text client_request_id{};
    typename Texts::template Id<base::KeyIdTag> key_id{};
    typename Texts::template Id<base::AccountIdTag> account_id{};
    std::chrono::local_days day{}; // the open record's
    WalletUse wallet = WalletUse::none;
    Text endpoint{};
    Text model{};
    Text provider{};
    Text upstream_model{}; // sums are kept by this one; empty: as asked
    Delivery delivery = Delivery::plain;
    std::uint16_t status = 0; // HTTP status that the client saw
    Text outcome{};           // one word: completed, cancelled, failed, interrupted, …
    Usage usage{};
    base::Money cost{};  // never negative
    base::Money bound{}; // what had been set aside; verify() tells of calls that cost more
    Text currency{};
    Text usd_rate{};
    Text price_version{};
    base::WallTime started_at{};
    base::WallTime ended_at{};
    std::optional<std::chrono::milliseconds> first_byte{}; // from the start to the first byte of the answer
    std::chrono::milliseconds duration{0};
    ClientEnd client_end = ClientEnd::stayed;
    std::uint32_t attempts = 0;
    Text node{};
    friend bool operator==(const UsageFields&, const UsageFields&) = default;
};

using UsageEvent = UsageFields<Owned>;
using UsageView = UsageFields<Lent>;

UsageView view_of(const UsageEvent& event);
UsageEvent copy_of(const UsageView& view);

/// How a call of a process that died is charged: its last checkpoint, else the input estimate, never more
/// than the bound. `now` becomes the end.
UsageEvent interrupted_event(const OpenRecord& open, const std::optional<Checkpoint>& last,
                             base::WallTime now);

} // namespace tollgate::domain
