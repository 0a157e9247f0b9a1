#include "simulator/reply.hpp"

#include "unit/simulator/ask.hpp"

#include <gtest/gtest.h>

namespace tollgate::simulator {

TEST(Reply, EventsAreLinesWithAnEmptyOneBehind) {
    Reply reply;
    reply.add_event("", "{}", 0);
    reply.add_event("message_start", "{\"a\":1}", 3);
    EXPECT_EQ(stamped(reply.events[0].bytes), "data: {}\n\n");
    EXPECT_EQ(stamped(reply.events[1].bytes), "event: message_start\ndata: {\"a\":1}\n\n");
    EXPECT_EQ(reply.events[1].slot, 3U);
}

TEST(Reply, KnowsThePhrases) {
    EXPECT_EQ(reason_phrase(200), "OK");
    EXPECT_EQ(reason_phrase(529), "Overloaded");
    EXPECT_EQ(reason_phrase(299), "Unknown");
}

} // namespace tollgate::simulator
