// The seam between the server and what it serves.
#pragma once

#include "tollgate/runtime/task.hpp"

namespace tollgate::http {

class Exchange;

class Handler {
public:
    virtual ~Handler() = default;

    /// Answers the exchange. Whatever happens, the client has got an answer, or a cut connection, when this
    /// returns.
    virtual runtime::Task<> serve(Exchange& exchange) = 0;
};

} // namespace tollgate::http
