#include "tollgate/storage/fleet_agent.hpp"

#include "tollgate/runtime/clock.hpp"
#include "tollgate/telemetry/log.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <thread>

namespace tollgate::storage {

using base::Result;
using domain::FleetState;

/// All of it runs on the agent's thread, except where a method says otherwise.
class FleetAgent::Desk {
public:
    Desk(ports::Fleet& fleet, FleetAgentOptions options)
        : fleet_(fleet), options_(std::move(options)), judge_(options_.rules) {}

    /// Before the thread runs.
    Result<void> open(std::vector<FleetSeat> seats) {
        seats_ = std::move(seats);
        const auto state = fleet_.look();
        if (!state) return std::unexpected(state.error());
        is_returning_ = std::ranges::find(state->members, options_.node, &domain::FleetMember::node) !=
                        state->members.end();
        return {};
    }

    void run() {
        step();
        loop_.run();
    }
    void stop() { loop_.stop(); } // any thread
    ports::Fleet& fleet() { return fleet_; }
    const std::string& node() const { return options_.node; }
    boost::asio::io_context& loop() { return loop_; }

    FleetSummary summary() const { // any thread
        return {.epoch = epoch_.load(),
                .is_local = is_local_.load(),
                .is_complete = is_complete_.load(),
                .nodes = nodes_.load()};
    }

    void take_holdings(std::uint64_t epoch, std::size_t worker, std::vector<Holding> holdings) {
        if (epoch != held_epoch_) {
            held_epoch_ = epoch;
            held_.clear();
        }
        held_[worker] = std::move(holdings);
        if (held_.size() < seats_.size()) return;
        std::map<std::string, base::Money> sums;
        for (const auto& [index, each] : held_) {
            for (const Holding& holding : each) sums[holding.purse] += holding.amount;
        }
        std::vector<Holding> all;
        for (const auto& [purse, amount] : sums) all.push_back({purse, amount});
        const auto published = fleet_.publish(options_.node, epoch, all);
        if (published) published_epoch_ = epoch; // else the epoch stays incomplete, and nobody grants money
    }

private:
    void step() {
        const auto now = runtime::steady_now();
        const domain::Heartbeat heartbeat = observe();
        const bool is_news = heartbeat.reaches_store != told_.reaches_store ||
                             heartbeat.joined != told_.joined || lost_epoch() == state_.epoch;
        if (is_news || now - beaten_at_ >= options_.beat_period) beat(heartbeat, now);
        timer_.expires_after(options_.look_period);
        timer_.async_wait([this](const boost::system::error_code& error) {
            if (!error) step();
        });
    }

    domain::Heartbeat observe() const {
        domain::Heartbeat heartbeat{.node = options_.node, .reaches_store = true, .card = options_.card};
        std::uint64_t joined = UINT64_MAX;
        for (const FleetSeat& seat : seats_) {
            heartbeat.reaches_store = heartbeat.reaches_store && seat.status->is_up.load();
            joined = std::min(joined, seat.status->joined.load());
        }
        heartbeat.joined = state_.home == QuotaHome::local ? std::min(joined, published_epoch_) : joined;
        return heartbeat;
    }

    std::uint64_t lost_epoch() const {
        std::uint64_t lost = 0;
        for (const FleetSeat& seat : seats_) lost = std::max(lost, seat.status->lost.load());
        return lost;
    }

    void beat(const domain::Heartbeat& heartbeat, base::SteadyTime now) {
        beaten_at_ = now;
        auto state = fleet_.beat(heartbeat);
        note_reach(state);
        if (!state) return; // what was agreed on holds until something else is
        told_ = heartbeat;
        state_ = std::move(*state);
        if (heartbeat.joined == state_.epoch && state_.epoch > 0) has_started_ = true;
        judge(now);
        tell();
    }

    void judge(base::SteadyTime now) {
        const domain::FleetObservation seen{.node = options_.node,
                                            .is_returning = is_returning_,
                                            .has_started = has_started_,
                                            .lost_epoch = lost_epoch(),
                                            .now = now};
        const auto next = judge_.find_next(state_, seen);
        if (!next) return;
        const auto begun = fleet_.begin_epoch(state_.epoch, *next, options_.node);
        if (begun && *begun) has_started_ = true;
        const auto state = fleet_.look();
        if (state) state_ = *state;
    }

    void tell() {
        if (state_.epoch != view_.epoch) begin_view();
        if (!view_.is_complete && domain::is_complete(state_)) complete_view();
        const std::uint32_t nodes =
            view_.home == QuotaHome::local && view_.is_complete ? local_nodes_ : domain::count_alive(state_);
        const bool is_news =
            nodes != view_.nodes || view_.is_complete != was_complete_ || view_.epoch != told_epoch_;
        view_.nodes = nodes;
        was_complete_ = view_.is_complete;
        told_epoch_ = view_.epoch;
        if (!is_news) return;
        epoch_.store(view_.epoch);
        is_local_.store(view_.home == QuotaHome::local);
        is_complete_.store(view_.is_complete);
        nodes_.store(view_.nodes);
        for (const FleetSeat& seat : seats_) seat.adopt(view_);
    }

    void begin_view() {
        view_ = FleetView{.epoch = state_.epoch,
                          .home = state_.home,
                          .is_founder = state_.founder == options_.node && state_.home == QuotaHome::shared};
        if (state_.epoch == 1) return;
        if (state_.home == QuotaHome::local) {
            telemetry::log_warn("limits and budgets are counted by each node for its share, without Redis",
                                {{"epoch", state_.epoch}});
        } else {
            telemetry::log_warn("limits and budgets in Redis are rebuilt from the books",
                                {{"epoch", state_.epoch}});
        }
    }

    void complete_view() {
        if (view_.home == QuotaHome::local) {
            const auto holdings = fleet_.holdings(view_.epoch);
            if (!holdings) return;
            auto sums = std::make_shared<std::map<std::string, base::Money>>();
            for (const Holding& holding : holdings->sums) sums->emplace(holding.purse, holding.amount);
            view_.holdings = std::move(sums);
            local_nodes_ = std::max<std::uint32_t>(holdings->nodes, 1);
        }
        view_.is_complete = true; // and stays it: who comes later holds nothing
        telemetry::log_info("every node has told the epoch what it holds",
                            {{"epoch", view_.epoch}, {"nodes", domain::count_alive(state_)}});
    }

    void note_reach(const Result<FleetState>& state) {
        if (state.has_value() == is_reaching_) return;
        is_reaching_ = state.has_value();
        if (is_reaching_) {
            telemetry::log_info("the registry of nodes is reachable again", {});
        } else {
            telemetry::log_warn("the registry of nodes cannot be reached",
                                {{"reason", std::string_view(state.error().message)}});
        }
    }

    ports::Fleet& fleet_;
    FleetAgentOptions options_;
    domain::FleetJudge judge_;
    std::vector<FleetSeat> seats_;
    boost::asio::io_context loop_{1};
    boost::asio::steady_timer timer_{loop_};
    FleetState state_{};
    FleetView view_{};
    domain::Heartbeat told_{};
    base::SteadyTime beaten_at_{};
    std::map<std::size_t, std::vector<Holding>> held_;
    std::uint64_t held_epoch_ = 0;
    std::uint64_t published_epoch_ = 0;
    std::uint64_t told_epoch_ = 0;
    std::uint32_t local_nodes_ = 1;
    bool was_complete_ = false;
    bool is_returning_ = false;
    bool has_started_ = false;
    bool is_reaching_ = true;
    std::atomic<std::uint64_t> epoch_{0};
    std::atomic<bool> is_local_{false};
    std::atomic<bool> is_complete_{false};
    std::atomic<std::uint32_t> nodes_{0};

    friend class FleetAgent;
    std::jthread thread_;
};

FleetAgent::FleetAgent(ports::Fleet& fleet, FleetAgentOptions options)
    : desk_(std::make_unique<Desk>(fleet, std::move(options))) {}

FleetAgent::~FleetAgent() {
    stop();
}

Result<void> FleetAgent::start(std::vector<FleetSeat> seats) {
    auto opened = desk_->open(std::move(seats));
    if (!opened) return opened;
    desk_->thread_ = std::jthread([desk = desk_.get()] { desk->run(); });
    return {};
}

void FleetAgent::stop() {
    desk_->stop();
    if (desk_->thread_.joinable()) desk_->thread_.join();
}

Result<void> FleetAgent::leave() {
    return desk_->fleet().leave(desk_->node());
}

FleetSummary FleetAgent::summary() const {
    return desk_->summary();
}

void FleetAgent::held(std::uint64_t epoch, std::size_t worker, std::vector<Holding> holdings) {
    auto take = [desk = desk_.get(), epoch, worker, all = std::move(holdings)]() mutable {
        desk->take_holdings(epoch, worker, std::move(all));
    };
    boost::asio::post(desk_->loop(), std::move(take));
}

} // namespace tollgate::storage
