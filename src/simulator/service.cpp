#include "simulator/service.hpp"

#include "tollgate/base/digest.hpp"

#include <array>
#include <cstring>
#include <utility>

namespace tollgate::simulator {

namespace {

std::uint64_t random_number() {
    std::array<std::uint8_t, sizeof(std::uint64_t)> bytes{};
    base::fill_random(bytes);
    std::uint64_t number = 0;
    std::memcpy(&number, bytes.data(), bytes.size());
    return number;
}

} // namespace

Service::Service(Settings given) : settings(std::move(given)), records(settings), run(random_number()) {}

} // namespace tollgate::simulator
