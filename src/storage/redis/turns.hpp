// Gathers what one turn of a worker's loop has for each account, and sends it as one command: a demand leaves
// at the end of the turn that it came in, an ended call with it. One worker.
#pragma once

#include "storage/redis/quota_state.hpp"
#include "storage/redis/quota_turn.hpp"

#include <list>
#include <memory>
#include <unordered_map>

namespace tollgate::storage::redis {

/// Told once of every call whose end was given to Turns: whether Redis has carried it out.
enum class EndResult { told, not_told };
class EndObserver {
public:
    virtual void ended(const base::RequestId& id, EndResult result) = 0;

protected:
    ~EndObserver() = default;
};

class Turns {
public:
    Turns(QuotaState& state, EndObserver& observer);
    Turns(const Turns&) = delete;
    Turns& operator=(const Turns&) = delete;
    ~Turns();

    /// In the epoch of the view as it is now. Error: storage_unavailable, then the step may be carried out or
    /// not. The caller's frame, which has the demand, may be destroyed while it waits.
    runtime::Task<base::Result<StepAnswer>> ask(const domain::Demand& demand);

    void tell(const base::AccountId& account, EndStep end);

private:
    class Asked;
    class Batch;

    Batch* batch_of(const base::AccountId& account, const base::RequestId& id);
    void send_soon();
    void send_all();
    void send(std::unique_ptr<Batch> batch);
    StepTime time_for(const base::AccountId& account) const;

    QuotaState& state_;
    EndObserver& observer_;
    std::unordered_map<base::AccountId, std::unique_ptr<Batch>> gathering_;
    std::list<std::unique_ptr<Batch>> sent_;
    std::size_t steps_ = 0; // that wait, sent or not
    bool is_due_ = false;
};

} // namespace tollgate::storage::redis
