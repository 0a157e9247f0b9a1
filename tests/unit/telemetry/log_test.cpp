#include "tollgate/telemetry/log.hpp"
#include "unit/telemetry/written_log.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fcntl.h>
#include <thread>
#include <vector>

namespace tollgate::telemetry {

using testing::without_time;
using testing::WrittenLog;

TEST(Log, WritesJsonWhereNoPersonReads) {
    WrittenLog log;
    log_warn("storage is slow", {{"took_ms", 250}});
    EXPECT_EQ(without_time(log.text()),
              "{\"time\":\"\",\"level\":\"warn\",\"message\":\"storage is slow\",\"took_ms\":250}\n");
}

TEST(Log, WritesColumnsForPeople) {
    for (const auto& [write, expected] :
         {std::pair{&log_trace, " trace m a=1\n"}, std::pair{&log_debug, " debug m a=1\n"},
          std::pair{&log_info, " info  m a=1\n"}, std::pair{&log_warn, " warn  m a=1\n"},
          std::pair{&log_error, " error m a=1\n"}}) {
        WrittenLog log({.level = LogLevel::trace, .format = LogFormat::human});
        write("m", {{"a", 1}});
        EXPECT_EQ(without_time(log.text()), expected);
    }
}

TEST(Log, LeavesOutWhatIsBelowItsLevel) {
    WrittenLog log({.level = LogLevel::warn});
    EXPECT_FALSE(log_is_on(LogLevel::info));
    EXPECT_TRUE(log_is_on(LogLevel::warn));
    log_info("unseen");
    set_log_level(LogLevel::info);
    log_info("seen");
    set_log_level(LogLevel::off);
    EXPECT_FALSE(log_is_on(LogLevel::error));
    EXPECT_FALSE(log_is_on(LogLevel::off));
    log_error("unseen");
    const auto text = log.text();
    EXPECT_EQ(std::ranges::count(text, '\n'), 1);
    EXPECT_NE(text.find("\"seen\""), std::string::npos);
}

TEST(Log, DropsLinesWhenItIsNotRunning) {
    log_error("into the void");
    EXPECT_FALSE(log_is_on(LogLevel::error));
    EXPECT_EQ(dropped_log_lines(), 0U);
    stop_log();
    stop_log();
}

TEST(Log, KeepsLinesOfAllThreadsWhole) {
    constexpr int threads = 4;
    constexpr int lines = 200;
    WrittenLog log({.queue_length = threads * lines});
    {
        std::vector<std::jthread> writers;
        for (int i = 0; i < threads; ++i) {
            writers.emplace_back([i] {
                const std::string text(500, static_cast<char>('a' + i));
                for (int j = 0; j < lines; ++j) log_info(text, {{"end", true}});
            });
        }
    }
    const auto text = log.text();
    EXPECT_EQ(std::ranges::count(text, '\n'), threads * lines);
    for (std::size_t start = 0; start < text.size();) {
        const auto end = text.find('\n', start);
        const auto line = text.substr(start, end - start);
        EXPECT_TRUE(line.starts_with("{\"time\":\"") && line.ends_with(",\"end\":true}")) << line;
        start = end + 1;
    }
}

TEST(Log, DropsTheOldestLinesInsteadOfWaitingForAReaderThatStopped) {
    std::array<int, 2> pipe_ends{};
    ASSERT_EQ(pipe2(pipe_ends.data(), O_CLOEXEC), 0);
    fcntl(pipe_ends[1], F_SETPIPE_SZ, 4096);
    start_log({.descriptor = pipe_ends[1], .queue_length = 16});
    const std::string text(1000, 'x');
    for (int i = 0; i < 200; ++i) log_info(text, {{"number", i}});
    EXPECT_GT(dropped_log_lines(), 100U);

    // The reader comes back: what is still queued, the newest line included, is written.
    std::string read_back;
    std::jthread reader([&] {
        std::array<char, 4096> part{};
        for (auto size = read(pipe_ends[0], part.data(), part.size()); size > 0;
             size = read(pipe_ends[0], part.data(), part.size())) {
            read_back.append(part.data(), static_cast<std::size_t>(size));
        }
    });
    stop_log();
    close(pipe_ends[1]);
    reader.join();
    close(pipe_ends[0]);
    EXPECT_NE(read_back.find("\"number\":199"), std::string::npos);
}

} // namespace tollgate::telemetry
