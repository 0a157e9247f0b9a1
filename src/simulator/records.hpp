// The log of what was received and how it ended, and the totals. Shared by all threads behind one mutex;
// bounded in number and in bytes, the oldest go first. Reads no clock.
#pragma once

#include "simulator/reply.hpp"
#include "simulator/settings.hpp"

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace tollgate::simulator {

/// How the answering of one request ended.
struct Ending {
    int status = 0;                                // 0: no answer was begun
    std::uint64_t chunks = 0;                      // events of a stream that were sent
    std::uint64_t bytes_sent = 0;                  // of the answer, head included
    bool completed = false;                        // the whole answer, as scripted, was handed to the kernel
    std::optional<std::uint64_t> client_left_ms{}; // after the request was read; empty if it stayed
    std::optional<TokenCounts> usage{};            // what was reported, empty if nothing was
    TokenCounts counts{};                          // what was used
};

struct Record {
    std::uint64_t sequence = 0;
    std::int64_t received_us = 0; // wall clock, Unix
    std::string method{};
    std::string target{};
    Headers headers{};
    std::string body{}; // the first 64 KiB
    std::uint64_t body_bytes = 0;
    std::uint64_t connection = 0;
    std::uint64_t request_on_connection = 0; // from 1
    std::string model{};
    std::string tag{};
    bool open = true; // not ended yet
    Ending ending{};
};

struct Totals {
    std::uint64_t received = 0;
    std::uint64_t completed = 0;
    std::uint64_t client_left = 0;
    std::uint64_t ended = 0;
    TokenCounts tokens{};
};

struct RecordFilter {
    std::uint64_t since = 0; // only higher sequences
    std::string tag{};       // empty: any
    std::size_t most = 100'000;
};

class Records {
public:
    explicit Records(const Settings& settings);

    /// Counts the request and keeps the record unless recording is off. The answer is its sequence, from 1.
    std::uint64_t open(Record record);
    void close(std::uint64_t sequence, Ending ending);

    std::vector<Record> find(const RecordFilter& filter) const;
    Totals totals() const;
    /// Totals of the records that are still kept and carry the tag.
    Totals totals_of(const std::string& tag) const;
    /// Forgets records and totals; sequences go on. What is under way will not be counted.
    void clear();

    Recording recording() const { return recording_; }

private:
    void drop_oldest();

    const Recording recording_;
    const std::size_t most_records_;
    const std::size_t most_bytes_;
    mutable std::mutex mutex_;
    std::deque<Record> kept_;
    std::uint64_t last_sequence_ = 0;
    std::uint64_t cleared_up_to_ = 0;
    std::size_t bytes_ = 0;
    Totals totals_;
};

} // namespace tollgate::simulator
