// One client connection: reads heads under limits, has each exchange served, keeps alive or closes. Its frame
// is the coroutine serve(); one thread.
#pragma once

#include "tollgate/http/exchange.hpp"
#include "tollgate/runtime/drain_gate.hpp"
#include "tollgate/runtime/own_frame.hpp"
#include "tollgate/runtime/stream.hpp"
#include "tollgate/server/listener.hpp"

#include <string>
#include <string_view>

namespace tollgate::server {

class Connection final : public OpenConnection {
public:
    Connection(Listener& listener, runtime::FileDescriptor socket, std::string peer,
               runtime::DrainGate::Pass pass);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Serves until the connection ends.
    runtime::Task<> serve();

    /// Answers the first bytes with 503: there is no place for this connection.
    runtime::Task<> turn_away();

    void finish_soon() override;
    void cut() override { stream_.interrupt(base::ErrorCode::draining); }

private:
    /// The next request's head into head_; an error when there is no further request.
    TG_OWN_FRAME runtime::Task<base::Result<void>> read_head();
    bool take_whole_head(std::string_view bytes);
    runtime::Task<bool> serve_one();
    TG_OWN_FRAME runtime::Task<> refuse(const base::Error& error);
    TG_OWN_FRAME runtime::Task<> answer_refusal(const base::Error& error, const base::RequestId& id);
    TG_OWN_FRAME runtime::Task<bool> end_exchange(http::Exchange& exchange);
    TG_OWN_FRAME runtime::Task<> linger();

    Listener& listener_;
    runtime::DrainGate::Pass pass_;
    telemetry::ConnectionCount count_;
    std::string peer_;
    runtime::Stream stream_;
    std::string head_;  // of the request that is served
    std::string input_; // what came behind it
    bool waits_for_request_ = false;
};

} // namespace tollgate::server
