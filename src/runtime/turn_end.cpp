#include "tollgate/runtime/turn_end.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace tollgate::runtime {

void TurnEnd::add(std::coroutine_handle<> sleeper) {
    sleepers_.push_back(sleeper);
    if (std::exchange(is_open_, true)) return;
    boost::asio::post(loop_, [this] { end(); }); // behind what else the loop has at hand
}

void TurnEnd::end() {
    is_last_ = false;
    while (!sleepers_.empty()) {
        std::swap(sleepers_, waking_);
        for (const std::coroutine_handle<> sleeper : waking_) sleeper.resume();
        waking_.clear();
    }
    is_open_ = false;
}

} // namespace tollgate::runtime
