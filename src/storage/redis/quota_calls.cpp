#include "storage/redis/quota_calls.hpp"

#include <utility>

namespace tollgate::storage::redis {

namespace {

std::optional<std::vector<base::Money>> totals_of(const std::vector<std::string>& purses,
                                                  const Totals& totals) {
    std::vector<base::Money> found;
    for (const std::string& purse : purses) {
        const auto total = totals.find(purse);
        if (total == totals.end()) return std::nullopt;
        found.push_back(total->second);
    }
    return found;
}

} // namespace

OpenCall* QuotaCalls::find(const base::RequestId& id) {
    const auto place = open_.find(id);
    return place == open_.end() ? nullptr : &place->second;
}

OpenCall& QuotaCalls::add(const base::RequestId& id, OpenCall call) {
    return open_.insert_or_assign(id, std::move(call)).first->second;
}

std::optional<SettledCall> QuotaCalls::settled(const base::RequestId& id) {
    auto node = open_.extract(id);
    if (node.empty()) return std::nullopt;
    OpenCall& call = node.mapped();
    if (call.cost.is_zero() || call.purses.empty()) return std::nullopt;
    SettledCall ended{
        .account = std::move(call.account), .purses = std::move(call.purses), .cost = call.cost};
    if (call.is_counted) {
        ended.totals = std::move(call.totals);
        return ended;
    }
    if (settled_.size() >= most_settled_) {
        ++forgotten_;
    } else {
        settled_.emplace(id, std::move(ended));
    }
    return std::nullopt;
}

std::optional<SettledCall> QuotaCalls::counted(const base::RequestId& id, const Totals& totals) {
    const auto place = settled_.find(id); // where most of them are
    if (place == settled_.end()) {
        note_counted(id, totals);
        return std::nullopt;
    }
    auto known = totals_of(place->second.purses, totals);
    if (!known) return std::nullopt;
    SettledCall call = std::move(place->second);
    settled_.erase(place);
    call.totals = std::move(*known);
    return call;
}

/// The ledger was faster than Redis.
void QuotaCalls::note_counted(const base::RequestId& id, const Totals& totals) {
    OpenCall* call = find(id);
    if (call == nullptr || call->stage != CallStage::settling) return;
    auto known = totals_of(call->purses, totals);
    if (!known) return;
    call->is_counted = true;
    call->totals = std::move(*known);
}

std::map<base::AccountId, QuotaCalls::Sums> QuotaCalls::pending() const {
    std::map<base::AccountId, Sums> result;
    for (const auto& [id, call] : settled_) {
        for (const std::string& purse : call.purses) result[call.account][purse] += call.cost;
    }
    return result;
}

QuotaCalls::Sums QuotaCalls::holdings() const {
    Sums sums;
    for (const auto& [id, call] : settled_) {
        for (const std::string& purse : call.purses) sums[purse] += call.cost;
    }
    for (const auto& [id, call] : open_) {
        if (call.is_counted) continue;
        const base::Money amount = call.stage == CallStage::settling ? call.cost : call.held;
        for (const std::string& purse : call.purses) sums[purse] += amount;
    }
    return sums;
}

} // namespace tollgate::storage::redis
