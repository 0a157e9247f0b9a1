#include "app/retention.hpp"

#include "tollgate/domain/purse.hpp"
#include "tollgate/telemetry/log.hpp"

namespace tollgate::app {

namespace {

void forget(ports::Ledger& ledger, std::chrono::local_days first_kept) {
    const auto forgotten = ledger.forget_before(first_kept);
    if (!forgotten) {
        telemetry::log_warn("old calls could not be forgotten", {{"reason", forgotten.error().message}});
    } else if (*forgotten > 0) {
        telemetry::log_info("forgot old calls, their sums stay",
                            {{"calls", *forgotten}, {"first_day_kept", domain::to_string(first_kept)}});
    }
}

} // namespace

void Retention::start() {
    ports::Ledger& ledger = ledger_;
    pool_.post([&ledger, day = first_kept()] { forget(ledger, day); });
    wait();
}

void Retention::wait() {
    timer_.expires_after(rules_.period);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error) start();
    });
}

} // namespace tollgate::app
