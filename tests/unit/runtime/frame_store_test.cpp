#include "tollgate/runtime/frame_store.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <thread>
#include <vector>

namespace tollgate::runtime {

TEST(FrameStore, GivesMemoryThatIsNobodyElses) {
    struct Frame {
        unsigned char* bytes;
        std::size_t size;
        unsigned char mark;
    };
    std::mt19937 random(1);
    std::vector<Frame> frames;
    for (int round = 0; round < 20'000; ++round) {
        if (frames.size() < 200 && random() % 5 < 3) {
            const std::size_t size = random() % 6000 + 1;
            const auto mark = static_cast<unsigned char>(random());
            auto* bytes = static_cast<unsigned char*>(take_frame(size));
            std::memset(bytes, mark, size);
            frames.push_back({bytes, size, mark});
        } else if (!frames.empty()) {
            std::swap(frames[random() % frames.size()], frames.back());
            const Frame frame = frames.back();
            for (const std::size_t at : {std::size_t{0}, frame.size / 2, frame.size - 1})
                ASSERT_EQ(frame.bytes[at], frame.mark);
            give_back_frame(frame.bytes, frame.size);
            frames.pop_back();
        }
    }
    for (const Frame& frame : frames) give_back_frame(frame.bytes, frame.size);
}

TEST(FrameStore, TakesBackWhatAnotherThreadTook) {
    void* frame = nullptr;
    std::thread([&frame] { frame = take_frame(300); }).join();
    give_back_frame(frame, 300);
    void* again = take_frame(300);
    EXPECT_NE(again, nullptr);
    give_back_frame(again, 300);
}

} // namespace tollgate::runtime
