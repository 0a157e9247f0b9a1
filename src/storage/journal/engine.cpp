#include "storage/journal/engine.hpp"

#include "storage/journal/record.hpp"
#include "tollgate/base/check.hpp"

#include <algorithm>
#include <utility>

namespace tollgate::storage::journal {

namespace {

using std::chrono::milliseconds;

/// How often the writer looks around when nothing happens: retries, spilled segments, faults of the syncer.
constexpr milliseconds idle_time{100};
constexpr milliseconds first_pause{100};
constexpr milliseconds longest_pause{5000};

/// Their texts stay in the delivery.
void append_events(const Delivery& delivery, std::vector<domain::UsageView>& events) {
    std::string_view rest = delivery.events;
    for (std::size_t index = 0; index < delivery.calls; ++index) {
        const auto event = take_event(rest);
        TG_CHECK(event.has_value());
        events.push_back(*event);
    }
}

} // namespace

Engine::Engine(JournalSettings settings, std::unique_ptr<Files> files, ports::Ledger& ledger,
               Recovered recovered)
    : settings_(std::move(settings)),
      files_(std::move(files)),
      recovery_(std::move(recovered.report)),
      notes_(*files_),
      // With JournalSync::each the disk has a record before the call is sent: a note would promise less.
      pool_(settings_.calls, settings_.sync == JournalSync::each ? nullptr : &notes_),
      feed_(ledger, *files_, settings_.listener),
      scribe_({.files = *files_, .pool = pool_, .deliveries = deliveries_, .status = board_}, settings_,
              recovered.next_number) {
    board_.refused(recovery_.refused);
    flusher_ = std::jthread([this](const std::stop_token& stop) { flush_calls(stop); });
    syncer_ = std::jthread([this](const std::stop_token& stop) { sync_files(stop); });
    writer_ = std::jthread([this](const std::stop_token& stop) { write_files(stop); });
}

Engine::~Engine() {
    // In the order of the records' way, each to its end.
    for (std::jthread* thread : {&writer_, &syncer_, &flusher_}) {
        thread->request_stop();
        thread->join();
    }
}

JournalStatus Engine::status() const {
    JournalStatus status = board_.read();
    status.calls = pool_.in_use();
    status.waiting = deliveries_.size();
    return status;
}

bool Engine::flush(milliseconds limit) {
    constexpr milliseconds step{1};
    for (; limit > milliseconds(0); limit -= step) {
        const bool is_written = steps_.is_finished() && board_.is_writable();
        if (is_written && board_.read().spilled == 0 && deliveries_.size() == 0) return true;
        deliveries_.pause({}, step);
    }
    return false;
}

void Engine::write_files(const std::stop_token& stop) {
    bool is_last = false;
    while (!is_last) {
        is_last = stop.stop_requested();
        const bool is_ready = steps_.wait(stop, idle_time);
        if (is_ready && !is_last) {
            steps_.gather(stop, settings_.write_interval);
            if (steps_.is_awaited()) steps_.linger(stop, settings_.linger);
        }
        if (const auto fault = syncs_.take_fault()) scribe_.sync_failed(fault->file, fault->error);
        auto steps = steps_.take();
        const std::size_t count = steps.size();
        if (count == 0) {
            scribe_.retry();
            continue;
        }
        scribe_.write(std::move(steps));
        if (settings_.sync == JournalSync::group && scribe_.file() != nullptr) syncs_.push(scribe_.file());
        steps_.finish(count);
    }
    if (scribe_.file() != nullptr && settings_.sync != JournalSync::none) {
        static_cast<void>(scribe_.file()->sync());
    }
    scribe_.finish();
}

void Engine::sync_files(const std::stop_token& stop) {
    while (true) {
        auto file = syncs_.take(stop, settings_.sync_interval);
        if (file == nullptr) return;
        if (auto synced = file->sync(); !synced) {
            syncs_.report({.file = std::move(file), .error = std::move(synced.error())});
        }
    }
}

void Engine::flush_calls(const std::stop_token& stop) {
    while (true) {
        const auto deliveries = deliveries_.take(stop, settings_.batch, settings_.flush_interval);
        if (deliveries.empty() && stop.stop_requested()) return;
        if (!deliver(stop, deliveries)) return;
        for (const Delivery& each : deliveries) deliveries_.finish(each.size());
    }
}

bool Engine::deliver(const std::stop_token& stop, const std::vector<Delivery>& deliveries) {
    if (!deliver_calls(stop, deliveries)) return false;
    return std::ranges::all_of(deliveries, [this, &stop](const Delivery& each) {
        return each.calls > 0 || deliver_segment(stop, each);
    });
}

bool Engine::deliver_calls(const std::stop_token& stop, const std::vector<Delivery>& deliveries) {
    std::vector<domain::UsageView> events;
    for (const Delivery& delivery : deliveries) append_events(delivery, events);
    return persist(stop, [this, &events]() -> base::Result<void> {
        const auto fed = feed_.append(events);
        if (!fed) return base::fail(fed.error());
        board_.refused(fed->refused);
        return {};
    });
}

bool Engine::deliver_segment(const std::stop_token& stop, const Delivery& segment) {
    const std::string name = file_name(segment.segment, segment_suffix);
    return persist(stop, [this, &segment, &name]() -> base::Result<void> {
        if (segment.is_spilled) {
            const auto bytes = files_->read(name);
            if (!bytes) return base::fail(bytes.error());
            const auto fed = feed_segment(*bytes, feed_, settings_.batch);
            if (!fed) return base::fail(fed.error());
            board_.refused(fed->refused);
            board_.spilled(-1);
        }
        // Left behind, it is read again at the next start and changes nothing: no reason to stop here.
        static_cast<void>(files_->remove(name));
        return {};
    });
}

template <class Work>
bool Engine::persist(const std::stop_token& stop, Work work) {
    for (milliseconds pause = first_pause;; pause = std::min(2 * pause, longest_pause)) {
        const bool is_last = stop.stop_requested();
        const base::Result<void> done = work();
        if (done) {
            board_.ledger_reached();
            return true;
        }
        board_.ledger_missed(done.error());
        if (is_last) return false;
        deliveries_.pause(stop, pause);
    }
}

} // namespace tollgate::storage::journal
