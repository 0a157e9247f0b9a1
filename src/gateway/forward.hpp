// Fourth stage: tries the route's targets until one answers, and always answers the client. What an attempt's
// failure means is decided by domain/retry_plan and answer_kind(); this file drives.
#pragma once

#include "gateway/admission.hpp"
#include "gateway/outcome.hpp"
#include "gateway/passage.hpp"
#include "tollgate/domain/routing.hpp"
#include "tollgate/runtime/own_frame.hpp"
#include "tollgate/telemetry/metrics.hpp"
#include "tollgate/upstream/upstream.hpp"

#include <memory>
#include <vector>

namespace tollgate::gateway {

struct ForwardServices {
    runtime::Worker& worker;
    std::vector<std::unique_ptr<upstream::Upstream>>& upstreams; // by the index that domain::Target carries
    const Tariff& tariff;
    telemetry::MetricShard& metrics;
};

class Forward {
public:
    explicit Forward(ForwardServices services)
        : worker_(services.worker),
          upstreams_(services.upstreams),
          tariff_(services.tariff),
          metrics_(services.metrics) {}

    runtime::Task<> operator()(http::Exchange& exchange, Admission& admission, Outcome& outcome);

private:
    struct Attempt {
        upstream::Upstream& upstream;
        std::size_t credential;
        std::string_view body;
    };

    domain::OpenView describe_opening(Passage& passage) const;
    TG_OWN_FRAME runtime::Task<> open_record(Passage& passage);
    runtime::Task<> try_target(Passage& passage, std::size_t index);
    std::optional<std::string> edited_body(Passage& passage, const domain::Target& target) const;
    runtime::Task<> attempt(Passage& passage, Attempt& attempt);
    TG_OWN_FRAME runtime::Task<base::Result<upstream::Lease>> ask(Passage& passage, Attempt& attempt,
                                                                  upstream::AnswerHead& answer);
    runtime::Task<base::Result<void>> send_and_read_head(Passage& passage, Attempt& attempt,
                                                         upstream::Connection& connection,
                                                         upstream::AnswerHead& answer);
    runtime::Task<> take_answer(Passage& passage, Attempt& attempt, upstream::Lease& lease,
                                upstream::AnswerHead& answer);
    TG_OWN_FRAME runtime::Task<> take_refusal(Passage& passage, const upstream::Provider& provider,
                                              upstream::Connection& connection,
                                              const http::ResponseHead& head);
    TG_OWN_FRAME runtime::Task<bool> pause(Passage& passage, std::chrono::milliseconds pause);
    TG_OWN_FRAME runtime::Task<> answer_failure(Passage& passage);

    runtime::Worker& worker_;
    std::vector<std::unique_ptr<upstream::Upstream>>& upstreams_;
    const Tariff& tariff_;
    telemetry::MetricShard& metrics_;
};

} // namespace tollgate::gateway
