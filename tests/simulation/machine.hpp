// The whole way of a call's money – quota store, journal, ledger – in one thread on a disk in memory, with a
// process that can be killed between any two steps and a provider whose reports are worth nothing. It keeps
// books of its own, which the tests compare. What the line decides is decided here by the same pure parts.
#pragma once

#include "gateway/quote.hpp"
#include "storage/journal/recovery.hpp"
#include "storage/journal/scribe.hpp"
#include "tollgate/domain/purse.hpp"
#include "tollgate/storage/memory_quota_store.hpp"
#include "unit/storage_journal/memory_files.hpp"
#include "unit/storage_journal/memory_ledger.hpp"
#include "unit/storage_journal/samples.hpp"

#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace tollgate::testing {

/// Told when the writer has the open record; outlives the process that waits for it.
class OpenedNotice final : public storage::WriteNotice {
public:
    void told(storage::WriteOutcome outcome) noexcept override {
        (outcome == storage::WriteOutcome::written ? is_written : is_failed) = true;
    }
    bool is_written = false;
    bool is_failed = false;
};

enum class Stage { opening, opened, sent };

/// A call in flight.
struct Flight {
    std::string id{};
    storage::journal::Call* call = nullptr;
    std::shared_ptr<OpenedNotice> notice = std::make_shared<OpenedNotice>();
    Stage stage = Stage::opening;
    bool is_sliced = false;
    base::Money held{};
    std::uint64_t seen = 0; // tokens of output
    domain::Allowance allowance{};
};

/// What became of a call, as an all-knowing observer has it.
struct Fate {
    bool was_sent = false;
    bool has_ended = false;      // settled or withdrawn by a process that has not been killed since
    bool is_end_written = false; // and the journal has that
    base::Money charged{};       // then
};

class Machine {
public:
    explicit Machine(unsigned seed);
    ~Machine();
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    /// One step at random: a call comes, goes on or ends, the writer writes, the flusher delivers, the disk
    /// fails, time passes, or the process is killed.
    void step();

    /// Ends what is in flight and gives the ledger everything.
    void finish();

    /// The first thing found that must not be; empty: all is well. After every step.
    std::string fault() const;

    std::size_t calls() const { return fates_.size(); }
    std::size_t kills() const { return kills_; }
    std::size_t cuts() const { return cuts_; }
    base::Money booked() const;

private:
    struct Process; // what dies with it

    std::uint64_t dice(std::uint64_t limit) { return random_() % limit; }
    void start_process();
    void kill();
    void admit();
    void open_flight(const domain::Grant& grant, const gateway::Quote& quote);
    void advance(Flight& flight);
    void stream_on(Flight& flight);
    void settle(std::size_t index);
    void give_up(std::size_t index);
    void push(storage::journal::Call& call, storage::journal::Step& step, storage::journal::StepKind kind);
    void write();
    void deliver();
    void check_refusal(const domain::Refusal& refusal, base::Money minimum);
    void complain(const std::string& sentence) {
        if (complaint_.empty()) complaint_ = sentence;
    }
    void end(Flight& flight, base::Money charged);
    void note_written_ends();
    std::string check_books() const;
    base::Money settled() const; // by every call that has ended, whether or not the ledger knows
    base::Money held() const;
    gateway::Bill bill(const Flight& flight) const;
    domain::Charge charge_of(const Flight& flight, base::Money cost) const;

    std::mt19937 random_;
    gateway::Tariff tariff_;
    domain::ModelPrice price_;
    domain::Extent extent_;
    base::Money budget_;
    base::SteadyTime now_{std::chrono::hours(1)};
    std::unique_ptr<MemoryFiles> files_;
    MemoryLedger ledger_;
    std::map<std::string, Fate> fates_;
    std::unique_ptr<Process> process_;
    std::string complaint_;
    std::vector<std::string> unwritten_ends_; // of calls
    base::Money leaked_;                      // reservations of calls whose end the quota store was not told
    std::size_t kills_ = 0;
    std::size_t cuts_ = 0;
    int next_id_ = 0;
};

} // namespace tollgate::testing
