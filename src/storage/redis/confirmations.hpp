// Tells Redis what the ledger has counted, account by account and one message at a time, until each is
// acknowledged: so none is lost and none counts twice. One worker.
#pragma once

#include "storage/redis/quota_state.hpp"

#include <list>
#include <map>
#include <optional>
#include <string>

namespace tollgate::storage::redis {

class Confirmations {
public:
    explicit Confirmations(QuotaState& state);
    Confirmations(const Confirmations&) = delete;
    Confirmations& operator=(const Confirmations&) = delete;
    ~Confirmations();

    /// What a call cost is in the ledger; its purses' totals, which it brings, are a floor.
    void add(const SettledCall& call);

    /// Sends what waits and can be sent.
    void send();

    /// A new epoch knows nothing of what was said to the one before.
    void forget() { accounts_.clear(); }

    /// Tells the epoch of the view what this account's ended calls cost that the ledger does not have.
    runtime::Task<base::Result<void>> tell_pending(base::AccountId account, QuotaCalls::Sums pending);

    bool is_idle() const { return accounts_.empty(); }

private:
    struct Amounts {
        std::int64_t total = -1; // of the ledger; -1: not known
        base::Money counted{};
    };
    using Purses = std::map<std::string, Amounts>;
    struct Message {
        std::uint64_t sequence = 0;
        Purses purses{};
    };
    struct Line {
        Purses waiting{};
        std::optional<Message> sent{}; // until it is acknowledged
        bool is_on_its_way = false;
    };
    class Sink;

    Question question(const base::AccountId& account, const Message& message) const;
    void acknowledged(const base::AccountId& account, std::uint64_t sequence,
                      const base::Result<Reply>& reply);

    QuotaState& state_;
    std::map<base::AccountId, Line> accounts_;
    std::list<Sink> sinks_;
    std::uint64_t sequence_ = 0;
};

} // namespace tollgate::storage::redis
