#include "simulation/machine.hpp"

#include <algorithm>
#include <utility>

namespace tollgate::testing {

using base::Money;
using storage::journal::Call;
using storage::journal::Step;
using storage::journal::StepKind;

namespace {

constexpr const char* purse_name = "budget:key_1:total";
constexpr std::chrono::seconds lease{600};
constexpr std::uint64_t most_output = 4'000;

storage::JournalSettings journal_settings() {
    auto settings = sample_settings();
    settings.segment_size = 4'096; // so that calls outlive segments
    return settings;
}

} // namespace

struct Machine::Process {
    explicit Process(MemoryFiles& files, std::uint64_t first_number)
        : pool(64),
          scribe({.files = files, .pool = pool, .deliveries = deliveries, .status = status}, settings,
                 first_number) {}

    storage::JournalSettings settings = journal_settings();
    storage::MemoryQuotaState quota{};
    storage::journal::CallPool pool;
    storage::journal::DeliveryQueue deliveries{};
    storage::journal::StatusBoard status{};
    std::vector<Step*> steps{};
    storage::journal::Scribe scribe;
    std::vector<Flight> flights{};
};

Machine::Machine(unsigned seed) : random_(seed), files_(std::make_unique<MemoryFiles>()) {
    price_.base.input = domain::Rate::of_femtodollars(1 + dice(3'000'000'000));
    price_.base.output = domain::Rate::of_femtodollars(1 + dice(20'000'000'000));
    if (dice(2) == 0) price_.base.request = domain::Rate::of_femtodollars(dice(1'000'000'000'000));
    price_.never_reasons = true;
    tariff_.slice.tokens = 64 + dice(512);
    tariff_.terms =
        domain::Terms::of({.digits = 88}, {.digits = 5, .scale = 2}, {.digits = 5, .scale = 2}).value();
    extent_ = {.input_tokens = 200, .output_tokens = most_output, .cap_source = domain::CapSource::asked};
    // For one to a dozen of the dearest calls.
    const Money dearest = domain::bound(price_, extent_, tariff_.terms).value();
    budget_ = Money::of_micros(dearest.micros() * static_cast<std::int64_t>(1 + dice(12)) +
                               static_cast<std::int64_t>(dice(1'000)));
    start_process();
}

Machine::~Machine() = default;

/// As Journal::open does it: first the books, then the calls.
void Machine::start_process() {
    storage::journal::LedgerFeed feed(ledger_, *files_, nullptr);
    for (;;) {
        const auto recovered = storage::journal::recover(*files_, feed, {.batch = 10, .now = test_now()});
        if (recovered) {
            process_ = std::make_unique<Process>(*files_, recovered->next_number);
            return;
        }
        // A start that fails is repeated, by systemd for example, until the disk works again.
        files_->heal();
        ledger_.is_down = false;
    }
}

void Machine::kill() {
    ++kills_;
    auto left = files_->after_kill();
    process_.reset(); // before the files that it writes to
    files_ = std::move(left);
    leaked_ = Money();
    // What had not reached the file is unknown to everybody now.
    for (const std::string& id : unwritten_ends_) fates_[id].has_ended = false;
    unwritten_ends_.clear();
    if (dice(4) == 0) files_->fail_at(dice(12), 1 + dice(3));
    start_process();
    for (const auto& [id, fate] : fates_) {
        if (fate.was_sent && !ledger_.events().contains(id))
            complain(id + " was sent and is not in the books");
    }
}

Money Machine::settled() const {
    const auto events = ledger_.events();
    Money sum;
    for (const auto& [id, event] : events) sum += event.cost;
    for (const auto& [id, fate] : fates_) {
        if (fate.has_ended && !events.contains(id)) sum += fate.charged;
    }
    return sum;
}

Money Machine::held() const {
    Money sum = leaked_;
    for (const Flight& flight : process_->flights) sum += flight.held;
    return sum;
}

Money Machine::booked() const {
    Money total;
    for (const auto& [id, event] : ledger_.events()) total += event.cost;
    return total;
}

void Machine::admit() {
    gateway::Quote quote;
    quote.targets = {{&price_, extent_}};
    domain::Extent least = extent_;
    least.output_tokens = 16;
    quote.bound = domain::bound(price_, extent_, tariff_.terms).value();
    quote.minimum = domain::bound(price_, least, tariff_.terms).value();
    domain::Call call;
    call.stream = dice(2) == 0;
    if (const auto slice = domain::first_slice(call, price_, extent_, tariff_.slice))
        quote.slice = std::max(quote.minimum, domain::bound(price_, *slice, tariff_.terms).value());
    domain::Demand demand{.id = base::RequestId("req_" + std::to_string(++next_id_)),
                          .key_id = base::KeyId("key_1"),
                          .account_id = base::AccountId("acc_1"),
                          .rate_limit = 10'000,
                          .purses = {{.name = purse_name, .cap = budget_}},
                          .bound = quote.slice.value_or(quote.bound),
                          .minimum = quote.minimum,
                          .lease = lease,
                          .now = now_};
    auto decision = process_->quota.reserve(demand).value();
    if (std::holds_alternative<domain::Cold>(decision)) {
        process_->quota.warm({.name = purse_name, .spent = booked()});
        decision = process_->quota.reserve(demand).value();
    }
    if (const auto* refusal = std::get_if<domain::Refusal>(&decision))
        return check_refusal(*refusal, quote.minimum);
    open_flight(std::get<domain::Grant>(decision), quote);
}

void Machine::check_refusal(const domain::Refusal& refusal, Money minimum) {
    const Money left = budget_ - settled();
    if (refusal.reason == base::ErrorCode::budget_exceeded && left >= minimum)
        complain("told that the budget is used up with " + to_string(left) + " left");
    if (refusal.reason == base::ErrorCode::budget_reserved && left - held() >= minimum)
        complain("told that money is set aside which is not: " + to_string(left - held()) + " are free");
}

void Machine::open_flight(const domain::Grant& grant, const gateway::Quote& quote) {
    if (grant.numbers.spent + grant.numbers.reserved > budget_)
        complain("spent and reserved pass the budget");
    Flight flight;
    flight.id = "req_" + std::to_string(next_id_);
    flight.held = grant.amount;
    flight.call = process_->pool.take();
    if (flight.call == nullptr) {
        process_->quota.settle(charge_of(flight, Money())); // 503: the admission frees what it had
        return;
    }
    flight.is_sliced = quote.slice && grant.amount >= *quote.slice;
    if (flight.is_sliced) {
        flight.allowance = domain::Allowance(price_, extent_, tariff_.terms, tariff_.slice);
        flight.allowance.set_held(flight.held);
    }
    flight.call->open = std::make_unique<domain::OpenRecord>(sample_open(flight.id));
    domain::OpenRecord& open = *flight.call->open;
    open.bound = flight.is_sliced ? quote.bound : grant.amount;
    open.input_estimate = bill(flight).cost({.input = 40});
    flight.call->notice = flight.notice.get();
    flight.call->is_begun = true;
    push(*flight.call, flight.call->begin_step, StepKind::begin);
    fates_[flight.id] = {};
    process_->flights.push_back(std::move(flight));
}

gateway::Bill Machine::bill(const Flight& flight) const {
    gateway::Bill bill(tariff_, {&price_, extent_});
    bill.set_ceiling(flight.held);
    return bill;
}

domain::Charge Machine::charge_of(const Flight& flight, Money cost) const {
    return {.id = base::RequestId(flight.id), .cost = cost, .now = now_};
}

void Machine::push(Call& call, Step& step, StepKind kind) {
    step.call = &call;
    step.kind = kind;
    process_->steps.push_back(&step);
}

/// What the line does next with the call.
void Machine::advance(Flight& flight) {
    const auto index = static_cast<std::size_t>(&flight - process_->flights.data());
    if (flight.stage == Stage::opening) {
        if (flight.notice->is_failed) return give_up(index); // 503 storage_unavailable
        if (flight.notice->is_written) flight.stage = Stage::opened;
    } else if (flight.stage == Stage::opened) {
        if (dice(8) == 0) return give_up(index); // no connection to the provider
        flight.stage = Stage::sent;
        fates_[flight.id].was_sent = true;
    } else if (dice(3) > 0) {
        stream_on(flight);
    } else {
        settle(index);
    }
}

void Machine::stream_on(Flight& flight) {
    flight.seen += dice(200);
    if (flight.is_sliced && flight.allowance.is_running_out(flight.seen)) {
        const Money wanted = flight.allowance.wanted(flight.seen);
        if (wanted > flight.held)
            flight.held += process_->quota.extend(base::RequestId(flight.id), wanted - flight.held);
        flight.allowance.set_held(flight.held);
        if (flight.allowance.is_running_out(flight.seen)) {
            ++cuts_;
            return settle(static_cast<std::size_t>(&flight - process_->flights.data()));
        }
    }
    Call& call = *flight.call;
    if (dice(3) > 0 || call.checkpoint_is_pushed) return;
    const domain::Usage usage{.input = 40, .output = flight.seen};
    call.pushed_checkpoint = {
        .request_id = base::RequestId(flight.id), .cost = bill(flight).cost(usage), .usage = usage};
    call.checkpoint_is_pushed = true;
    push(call, call.checkpoint_step, StepKind::checkpoint);
}

/// The call is over. The provider reports what it likes, or nothing.
void Machine::settle(std::size_t index) {
    Flight flight = std::move(process_->flights[index]);
    process_->flights.erase(process_->flights.begin() + static_cast<std::ptrdiff_t>(index));
    domain::Usage usage{.input = 40, .output = flight.seen};
    if (dice(2) == 0) usage.output = dice(4) == 0 ? dice(std::uint64_t{1} << 40) : flight.seen + dice(500);
    if (dice(10) == 0) usage.cache_write = dice(1'000'000);
    const Money charged = bill(flight).cost(usage);
    if (charged > flight.held) complain(flight.id + " is charged more than was set aside for it");
    flight.call->event = std::make_unique<domain::UsageEvent>(sample_event(flight.id, charged.micros()));
    push(*flight.call, flight.call->end_step, StepKind::close);
    end(flight, charged);
    process_->quota.settle(charge_of(flight, charged));
    if (dice(10) == 0) process_->quota.settle(charge_of(flight, charged)); // told twice
}

/// Nothing was sent. Sometimes the news of it gets lost, and the reservation ends by its lease.
void Machine::give_up(std::size_t index) {
    Flight flight = std::move(process_->flights[index]);
    process_->flights.erase(process_->flights.begin() + static_cast<std::ptrdiff_t>(index));
    push(*flight.call, flight.call->end_step, StepKind::withdraw);
    end(flight, Money());
    if (dice(6) == 0) {
        leaked_ += flight.held;
    } else {
        process_->quota.settle(charge_of(flight, Money()));
    }
}

void Machine::end(Flight& flight, Money charged) {
    Fate& fate = fates_[flight.id];
    fate.has_ended = true;
    fate.charged = charged;
    unwritten_ends_.push_back(flight.id);
}

void Machine::note_written_ends() {
    if (!process_->steps.empty() || process_->scribe.has_pending()) return;
    for (const std::string& id : unwritten_ends_) fates_[id].is_end_written = true;
    unwritten_ends_.clear();
}

void Machine::write() {
    if (dice(6) == 0) files_->fail_at(files_->operations() + dice(3), 1 + dice(2));
    process_->scribe.write(std::exchange(process_->steps, {}));
    if (dice(3) == 0) {
        files_->heal();
        process_->scribe.retry();
    }
    note_written_ends();
}

void Machine::deliver() {
    ledger_.is_down = dice(5) == 0;
    storage::journal::LedgerFeed feed(ledger_, *files_, nullptr);
    auto& queue = process_->deliveries;
    while (queue.size() > 0 && !ledger_.is_down) {
        for (const auto& each : queue.take({}, 100, std::chrono::milliseconds(0))) {
            const auto name = storage::journal::file_name(each.segment, storage::journal::segment_suffix);
            std::string_view events = each.events;
            for (std::size_t index = 0; index < each.calls; ++index) {
                const domain::UsageEvent event = copy_of(storage::journal::take_event(events).value());
                if (!feed.append(std::span(&event, 1))) complain("the ledger refuses an event");
            }
            if (each.is_spilled &&
                !storage::journal::feed_segment(files_->contents()[name].bytes, feed, 10)) {
                complain("the ledger refuses a segment");
            }
            if (each.calls == 0) files_->contents().erase(name);
            queue.finish(each.size());
        }
        process_->quota.warm({.name = purse_name, .spent = booked()});
    }
    ledger_.is_down = false;
}

void Machine::step() {
    const auto die = dice(100);
    if (die < 25) return admit();
    if (die < 45) return write();
    if (die < 55) return deliver();
    if (die < 58) return kill();
    if (die < 60 && process_->flights.empty()) {
        now_ += lease; // longer than any call may take: only what leaked is reaped
        leaked_ = Money();
        return;
    }
    if (!process_->flights.empty()) advance(process_->flights[dice(process_->flights.size())]);
}

void Machine::finish() {
    while (!process_->flights.empty()) {
        files_->heal();
        process_->scribe.write(std::exchange(process_->steps, {}));
        process_->scribe.retry();
        advance(process_->flights.front());
    }
    files_->heal();
    process_->scribe.write(std::exchange(process_->steps, {}));
    process_->scribe.retry();
    note_written_ends();
    if (!unwritten_ends_.empty()) complain("a healthy disk leaves records unwritten");
    kill();
}

std::string Machine::fault() const {
    if (!complaint_.empty()) return complaint_;
    const Money promised = settled() + held();
    if (promised > budget_)
        return "spent and reserved are " + to_string(promised) + " of " + to_string(budget_);
    return check_books();
}

std::string Machine::check_books() const {
    for (const auto& [id, event] : ledger_.events()) {
        const auto fate = fates_.find(id);
        if (fate == fates_.end()) return id + " is booked and was never begun";
        if (!fate->second.is_end_written) continue; // cut off by a kill: charged what was known
        if (!fate->second.was_sent) return id + " was never sent and is booked";
        if (event.cost != fate->second.charged) return id + " is booked with " + to_string(event.cost);
    }
    return {};
}

} // namespace tollgate::testing
