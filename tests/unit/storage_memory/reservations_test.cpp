#include "storage/memory/reservations.hpp"

#include <gtest/gtest.h>

namespace tollgate::storage {

namespace {

using namespace std::chrono_literals;
using base::Money;
using base::RequestId;
using base::SteadyTime;

const SteadyTime start = SteadyTime(1'000h);
const RequestId first("r1");
const RequestId second("r2");

Reservation holding(std::int64_t micros) {
    Reservation reservation;
    reservation.held = Money::of_micros(micros);
    return reservation;
}

} // namespace

TEST(Reservations, AreFoundUntilTheyAreTaken) {
    Reservations reservations;
    EXPECT_EQ(reservations.find(first), nullptr);
    reservations.add(first, holding(5), start);
    ASSERT_NE(reservations.find(first), nullptr);
    EXPECT_EQ(reservations.find(second), nullptr);
    EXPECT_EQ(reservations.take(first)->held.micros(), 5);
    EXPECT_EQ(reservations.find(first), nullptr);
    EXPECT_FALSE(reservations.take(first).has_value());
    EXPECT_EQ(reservations.size(), 0);
}

TEST(Reservations, AreOverdueFromTheirDeadlineOnEarliestFirst) {
    Reservations reservations;
    reservations.add(first, holding(1), start + 20s);
    reservations.add(second, holding(2), start + 10s);
    EXPECT_EQ(reservations.find_overdue(start + 10s - 1ns), std::nullopt);
    EXPECT_EQ(reservations.find_overdue(start + 10s), second);
    EXPECT_EQ(reservations.find_overdue(start + 30s), second);
    reservations.take(second);
    EXPECT_EQ(reservations.find_overdue(start + 10s), std::nullopt);
    EXPECT_EQ(reservations.find_overdue(start + 20s), first);
}

TEST(Reservations, APostponedDeadlineTakesItsNewPlace) {
    Reservations reservations;
    reservations.add(first, holding(1), start + 10s);
    reservations.add(second, holding(2), start + 20s);
    reservations.postpone(first, start + 30s);
    EXPECT_EQ(reservations.find_overdue(start + 20s), second);
    reservations.take(second);
    EXPECT_EQ(reservations.find_overdue(start + 29s), std::nullopt);
    EXPECT_EQ(reservations.find_overdue(start + 30s), first);
    reservations.take(first);
    EXPECT_EQ(reservations.find_overdue(start + 99s), std::nullopt);
}

TEST(Reservations, ManyMayShareADeadline) {
    Reservations reservations;
    for (int i = 0; i < 100; ++i) reservations.add(RequestId(std::to_string(i)), holding(i), start);
    for (int i = 0; i < 100; i += 2) reservations.take(RequestId(std::to_string(i)));
    int overdue = 0;
    while (const auto id = reservations.find_overdue(start)) {
        reservations.take(*id);
        ++overdue;
    }
    EXPECT_EQ(overdue, 50);
}

TEST(ReservationsDeathTest, OneIdIsNeverAddedTwice) {
    Reservations reservations;
    reservations.add(first, holding(1), start);
    EXPECT_DEATH(reservations.add(first, holding(1), start), "added");
}

} // namespace tollgate::storage
