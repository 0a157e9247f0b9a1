// Thousands of random lives of a gateway, each with kills between any two steps. After every step: what is
// spent and reserved stays within the budget, nobody is told anything else about it, what was sent is charged
// once and what was not sent is not. A seed that fails is printed; Machine(seed) shows it again.
#include "simulation/machine.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace tollgate::testing {

namespace {

/// TOLLGATE_SEEDS asks for more, TOLLGATE_FIRST_SEED for others.
unsigned setting(const char* name, unsigned usual) {
    const char* wanted = std::getenv(name);
    return wanted == nullptr ? usual : static_cast<unsigned>(std::strtoul(wanted, nullptr, 10));
}

std::string run(Machine& machine) {
    for (int step = 0; step < 150; ++step) {
        machine.step();
        if (auto fault = machine.fault(); !fault.empty())
            return "step " + std::to_string(step) + ": " + fault;
    }
    machine.finish();
    return machine.fault();
}

} // namespace

TEST(MoneySimulation, HoldsBudgetsAndBooksThroughKillsAtEveryStep) {
    const unsigned first = setting("TOLLGATE_FIRST_SEED", 1);
    const unsigned seeds = setting("TOLLGATE_SEEDS", 1'500);
    std::size_t calls = 0;
    std::size_t kills = 0;
    std::size_t cuts = 0;
    for (unsigned seed = first; seed < first + seeds; ++seed) {
        Machine machine(seed);
        const std::string fault = run(machine);
        ASSERT_EQ(fault, "") << "seed " << seed;
        calls += machine.calls();
        kills += machine.kills();
        cuts += machine.cuts();
    }
    RecordProperty("calls", static_cast<int>(calls));
    EXPECT_GE(calls, seeds * 5U);
    EXPECT_GE(kills, seeds);
    EXPECT_GE(cuts, seeds / 10U) << "streams are ended at the cap now and then";
    std::printf("%u lives: %zu calls, %zu kills, %zu streams ended at the cap\n", seeds, calls, kills, cuts);
}

} // namespace tollgate::testing
