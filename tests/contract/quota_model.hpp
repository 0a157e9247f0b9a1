// What a quota store promises, computed the slow and obvious way from a list of every call that was ever
// granted; and random histories to compare a store with it.
#pragma once

#include "tollgate/domain/quota.hpp"

#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace tollgate::tests {

class QuotaModel {
public:
    /// Ends the leases that are over.
    void advance(base::SteadyTime now);
    domain::Decision reserve(const domain::Demand& demand);
    base::Money extend(const base::RequestId& id, base::Money more);
    void settle(const base::RequestId& id, base::Money cost);

    /// spent + reserved <= cap for every purse ever named.
    bool keeps_every_cap() const;
    std::size_t granted() const { return calls_.size(); }
    /// How often each reason was given.
    const std::map<base::ErrorCode, int>& refusals() const { return refusals_; }

    struct Call {
        domain::Demand demand{};
        base::Money granted{};
        base::Money held{};
        bool is_open = false; // holds money and a place
        bool is_settled = false;
    };
    std::vector<Call> unsettled() const;

private:
    /// What was granted to the key in the last sixty seconds, oldest first.
    std::vector<domain::Demand> counting(const base::KeyId& key) const;
    std::optional<domain::Refusal> find_refusal(const domain::Demand& demand) const;
    std::optional<domain::Refusal> find_short_purse(const domain::Demand& demand) const;
    domain::QuotaNumbers numbers(const domain::Demand& demand) const;
    base::Money left(const std::string& purse) const;
    base::Money held(const std::string& purse) const;
    Call* find(const base::RequestId& id);

    std::vector<Call> calls_; // oldest first
    std::map<base::ErrorCode, int> refusals_;
    base::SteadyTime now_{};
    std::map<std::string, base::Money> spent_;
    std::map<std::string, base::Money> caps_;
};

struct QuotaEvent {
    enum class Kind { reserve, extend, settle };
    Kind kind = Kind::reserve;
    domain::Demand demand{}; // for extend and settle only the id
    base::Money amount{};
    base::SteadyTime now{};
};

enum class LateCosts { none, some };

/// Two keys of one account with a budget each and a wallet in common, under limits that bind often.
class QuotaHistory {
public:
    QuotaHistory(unsigned seed, base::SteadyTime start, LateCosts late)
        : random_(seed), name_(std::to_string(seed)), now_(start), late_(late) {}

    /// Every purse that the demands will name.
    std::vector<domain::Purse> purses() const;
    base::AccountId account() const { return base::AccountId("acc_" + name_); }
    QuotaEvent next(const QuotaModel& model);

private:
    domain::Demand next_demand();
    QuotaEvent end_or_extend(const QuotaModel::Call& call);
    std::int64_t up_to(std::int64_t most);

    std::mt19937 random_;
    std::string name_;
    base::SteadyTime now_{};
    LateCosts late_ = LateCosts::none;
    int calls_ = 0;
};

/// Everything that a decision says, as text.
std::string describe(const domain::Decision& decision);

} // namespace tollgate::tests
