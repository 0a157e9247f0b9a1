// How often each request key has come, for status_once. Shared by all threads; bounded.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

namespace tollgate::simulator {

class Attempts {
public:
    /// How many requests came with this key before this one. Past 100,000 keys all are forgotten.
    std::uint64_t count(const std::string& key);
    void forget_all();

private:
    std::mutex mutex_;
    std::unordered_map<std::string, std::uint64_t> seen_;
};

} // namespace tollgate::simulator
