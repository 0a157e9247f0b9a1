#include "simulator/attempts.hpp"

namespace tollgate::simulator {

namespace {
constexpr std::size_t most_keys = 100'000;
}

std::uint64_t Attempts::count(const std::string& key) {
    const std::scoped_lock lock(mutex_);
    if (seen_.size() >= most_keys && !seen_.contains(key)) seen_.clear();
    return seen_[key]++;
}

void Attempts::forget_all() {
    const std::scoped_lock lock(mutex_);
    seen_.clear();
}

} // namespace tollgate::simulator
