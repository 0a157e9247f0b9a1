#include "app/rerate.hpp"

#include "tollgate/domain/ledger_batch.hpp"

#include <algorithm>

namespace tollgate::app {

namespace {

/// A call of a process that died before it metered anything was charged its input estimate; its tokens are
/// not known.
bool has_known_usage(const domain::Usage& usage) {
    return usage.source != domain::UsageSource::interrupted || usage.total_tokens() + usage.images > 0;
}

} // namespace

base::Result<void> Rerate::add(const domain::UsageEvent& event) {
    const std::string& model = domain::billed_model(event);
    ModelDifference& sums = models_[event.provider + "/" + model];
    ++sums.events;
    sums.before += event.cost;
    const domain::ModelPrice* price = rules_.book.find(event.provider, model);
    base::Money after = event.cost;
    if (event.currency != rules_.billing.currency) {
        ++left_.other_currency;
    } else if (price == nullptr || !price->is_priced()) {
        ++left_.unpriced;
    } else if (!has_known_usage(event.usage)) {
        ++left_.unknown_usage;
    } else {
        const auto cost = new_cost(event, *price);
        if (!cost) return base::fail(cost.error());
        after = *cost;
    }
    sums.after += after;
    if (after == event.cost) return {};
    ++sums.changed;
    corrections_.push_back({.request_id = event.request_id,
                            .started_at = event.started_at,
                            .before = event.cost,
                            .after = after,
                            .usd_rate = rules_.rate ? to_string(*rules_.rate) : event.usd_rate});
    return {};
}

base::Result<base::Money> Rerate::new_cost(const domain::UsageEvent& event, const domain::ModelPrice& price) {
    const auto terms = terms_at(rules_.rate ? to_string(*rules_.rate) : event.usd_rate);
    if (!terms) return base::fail(terms.error());
    const base::Money most = std::max(event.bound, event.cost);
    const auto cost = domain::cost(price, event.usage, *terms);
    if (!cost || rules_.ceiling == Ceiling::none || *cost <= most) return cost;
    ++held_at_bound_;
    return most;
}

base::Result<domain::Terms> Rerate::terms_at(const std::string& rate) {
    if (const auto known = terms_.find(rate); known != terms_.end()) return known->second;
    const auto number = base::Decimal::parse(rate);
    if (!number) return base::fail(number.error());
    const auto terms = domain::Terms::of(*number, rules_.billing.buffer, rules_.billing.markup);
    if (terms) terms_.emplace(rate, *terms);
    return terms;
}

ModelDifference Rerate::total() const {
    ModelDifference total;
    for (const auto& [model, sums] : models_) {
        total.events += sums.events;
        total.changed += sums.changed;
        total.before += sums.before;
        total.after += sums.after;
    }
    return total;
}

} // namespace tollgate::app
