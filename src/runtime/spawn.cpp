#include "tollgate/runtime/spawn.hpp"

#include "tollgate/telemetry/log.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <utility>

namespace tollgate::runtime {

namespace {

struct LogEscape {
    std::string_view name;

    void operator()(std::exception_ptr escaped) const {
        if (!escaped) return;
        try {
            std::rethrow_exception(escaped);
        } catch (const std::exception& exception) {
            telemetry::log_error("a task ended by an exception",
                                 {{"task", name}, {"exception", std::string_view(exception.what())}});
        } catch (...) {
            telemetry::log_error("a task ended by an unknown exception", {{"task", name}});
        }
    }
};

} // namespace

void spawn(Loop& loop, Task<> task, std::string_view name) {
    boost::asio::co_spawn(loop, std::move(task), LogEscape{name});
}

} // namespace tollgate::runtime
