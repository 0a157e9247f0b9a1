// One call on its way through the providers: what its attempts share. Lives in Forward's frame; one thread.
#pragma once

#include "gateway/admission.hpp"
#include "gateway/outcome.hpp"
#include "gateway/usage_meter.hpp"
#include "tollgate/http/exchange.hpp"
#include "tollgate/runtime/clock.hpp"
#include "tollgate/runtime/interrupter.hpp"
#include "tollgate/upstream/provider.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace tollgate::gateway {

/// Notices that the client has left, and calls off what the call is waiting for unless the key says to drain.
class ClientWatch final : public runtime::StreamObserver {
public:
    ClientWatch(http::Exchange& exchange, domain::OnDisconnect choice)
        : exchange_(exchange), choice_(choice) {
        exchange_.watch_client(this);
    }
    ~ClientWatch() { exchange_.watch_client(nullptr); }
    ClientWatch(const ClientWatch&) = delete;
    ClientWatch& operator=(const ClientWatch&) = delete;

    void on_departure(runtime::Departure departure) override {
        gone_ = true;
        const bool stops =
            choice_ == domain::OnDisconnect::cancel || departure == runtime::Departure::called_off;
        if (stops) interrupter_.interrupt(base::ErrorCode::client_gone);
    }

    bool is_gone() const { return gone_; }
    bool must_stop() const { return gone_ && choice_ == domain::OnDisconnect::cancel; }
    runtime::Interrupter& interrupter() { return interrupter_; }

private:
    http::Exchange& exchange_;
    domain::OnDisconnect choice_;
    runtime::Interrupter interrupter_;
    bool gone_ = false;
};

/// A provider's error answer that the client may see as it is.
struct PassedAnswer {
    int status = 0;
    std::string content_type{};
    std::string body{};
    std::string retry_after{};
    std::string retry_after_ms{};
    std::string should_retry{};
    std::string request_id{};
};

/// Whom a failed attempt says something about; only a provider's failures open its breaker.
enum class Blame { provider, caller, operators };

/// Why the last attempt did not answer the client.
struct AttemptFailure {
    base::Error error{};
    std::optional<std::chrono::milliseconds> retry_after{};
    std::optional<PassedAnswer> answer{}; // if nothing better comes, this is what the client gets
    bool may_retry = true;
    Blame blame = Blame::provider;
};

struct Passage {
    Passage(http::Exchange& the_exchange, Admission& the_admission, Outcome& the_outcome)
        : exchange(the_exchange),
          admission(the_admission),
          outcome(the_outcome),
          client(the_exchange, the_admission.principal().policy().on_disconnect),
          meter(the_admission.call()),
          started(runtime::turn_now()) {}

    http::Exchange& exchange;
    Admission& admission;
    Outcome& outcome;
    ClientWatch client;
    UsageMeter meter;
    std::optional<Bill> bill{}; // of the target that is being tried
    base::SteadyTime started;
    base::SteadyTime last_checkpoint{};
    std::unique_ptr<AttemptFailure> failure{}; // rare and large
    CostInAnswer cost_in_answer = CostInAnswer::add;
    domain::Allowance allowance{};   // what the money set aside covers of a stream's output
    std::uint64_t unseen_output = 0; // tokens that a provider may have produced unseen when we cut its stream
    bool has_lowered_cap = false;    // by us, because money is short
    std::optional<std::string> edited_body{}; // for the target that is being tried, if it differs
    bool is_over = false;                     // the client has its answer, or is gone

    std::chrono::milliseconds elapsed() const {
        return std::chrono::duration_cast<std::chrono::milliseconds>(runtime::turn_now() - started);
    }

    /// Until the whole call must be over; at least a millisecond.
    std::chrono::milliseconds time_left(const upstream::Timeouts& timeouts) const {
        return std::max(timeouts.total - elapsed(), std::chrono::milliseconds(1));
    }

    /// What the target gets.
    std::string_view body() const { return edited_body ? *edited_body : admission.body(); }
    void drop_body() {
        edited_body.reset();
        admission.drop_body();
    }

    /// The attempt has not answered the client.
    void fail(AttemptFailure why) { failure = std::make_unique<AttemptFailure>(std::move(why)); }
    void fail(const base::Error& error) { fail(AttemptFailure{.error = error}); }

    void end(Ending ending) {
        outcome.ending = ending;
        is_over = true;
    }
};

/// Sets the deadline of the next wait for the provider: `limit`, or what is left of the total.
inline void set_deadline(const Passage& passage, runtime::Stream& stream, const upstream::Timeouts& timeouts,
                         base::ErrorCode reason) {
    const std::chrono::milliseconds limit =
        reason == base::ErrorCode::first_byte_timeout ? timeouts.first_byte : timeouts.idle;
    const std::chrono::milliseconds left = passage.time_left(timeouts);
    stream.expires_after(std::min(limit, left), left < limit ? base::ErrorCode::total_timeout : reason);
}

} // namespace tollgate::gateway
