#include "storage/redis/marks.hpp"

#include <algorithm>
#include <charconv>

namespace tollgate::storage::redis {

using base::Result;
using runtime::Task;

namespace {

std::unexpected<base::Error> unusable(std::string reason) {
    return base::fail(base::ErrorCode::storage_unavailable, base::ErrorSource::storage, std::move(reason));
}

const Command ask_info{"INFO"};

std::uint64_t epoch_of(std::string_view mark) {
    std::uint64_t epoch = 0;
    std::from_chars(mark.data(), mark.data() + mark.size(), epoch);
    return epoch;
}

std::uint64_t evicted_of(std::string_view mark) {
    const auto space = mark.rfind(' ');
    return space == std::string_view::npos ? 0 : epoch_of(mark.substr(space + 1));
}

} // namespace

std::string mark_text(std::uint64_t epoch, const ServerState& state) {
    return std::to_string(epoch) + " " + state.run_id + " " + std::to_string(state.evicted_keys);
}

Task<Result<void>> Marks::set_all(std::uint64_t epoch) {
    for (Node* node : state_.client.masters()) {
        const auto info = co_await node->link().call(ask_info);
        if (!info || info->is_error()) co_return unusable("the server does not say INFO");
        Command command = quota_scripts().mark.command({state_.client.key_on(*node, "tollgate:mark")});
        command.add(std::to_string(epoch)).add(mark_text(epoch, parse_server_state(info->text)));
        Question question{.key = std::string(command.word(3)),
                          .command = std::move(command),
                          .script = &quota_scripts().mark};
        const auto said = co_await state_.client.ask(std::move(question));
        if (!said) {
            state_.report_loss(epoch); // it may be marked
            co_return std::unexpected(said.error());
        }
        if (said->is_error()) co_return unusable(said->text);
    }
    if (state_.client.is_up()) co_return Result<void>();
    state_.report_loss(epoch); // one was left out, which others may not see
    co_return unusable("one of the servers was left out");
}

Task<Result<bool>> Marks::is_good(std::string key) {
    Node* node = state_.client.node_for(key);
    if (node == nullptr || !node->is_up()) co_return unusable("Redis is not reachable");
    co_return co_await look(*node, LookDepth::server);
}

Task<Result<bool>> Marks::are_all_good(LookDepth depth) {
    for (Node* node : state_.client.masters()) {
        const auto good = co_await look(*node, depth);
        if (!good || !*good) co_return good;
    }
    co_return true;
}

Task<Result<void>> Marks::compare(Node& node) {
    const Command ask_mark{"GET", state_.client.key_on(node, "tollgate:mark")};
    const auto mark = co_await node.link().call(ask_mark);
    if (!mark || mark->is_error()) co_return unusable("the mark cannot be read");
    if (!state_.is_local() && state_.status.joined.load() == state_.view.epoch)
        judge_mark(mark->text, node.state());
    co_return Result<void>();
}

Task<Result<bool>> Marks::are_all_marked(std::uint64_t epoch) {
    for (Node* node : state_.client.masters()) {
        const Command ask_mark{"GET", state_.client.key_on(*node, "tollgate:mark")};
        const auto mark = co_await node->link().call(ask_mark);
        if (!mark || mark->is_error()) co_return unusable("the mark cannot be read");
        const std::string prefix = std::to_string(epoch) + " " + node->state().run_id + " ";
        if (!mark->text.starts_with(prefix)) co_return false;
    }
    co_return state_.client.is_up(); // else one of them was left out
}

Task<Result<bool>> Marks::look(Node& node, LookDepth depth) {
    // In this order: what was evicted before the mark was read shows in what is read after it.
    const Command ask_mark{"GET", state_.client.key_on(node, "tollgate:mark")};
    const auto mark = co_await node.link().call(ask_mark);
    if (!mark || mark->is_error()) co_return unusable("the mark cannot be read");
    if (depth == LookDepth::mark) {
        ServerState known = node.state();
        known.evicted_keys = evicted_of(mark->text); // not asked
        co_return judge_mark(mark->text, known);
    }
    const auto info = co_await node.link().call(ask_info);
    if (!info || info->is_error()) co_return unusable("the server does not say INFO");
    const ServerState now = parse_server_state(info->text);
    if (now.may_evict()) node.reject(eviction_complaint(now));
    co_return judge_mark(mark->text, now);
}

bool Marks::judge_mark(const std::string& mark, const ServerState& now) {
    state_.seen = std::max(state_.seen, epoch_of(mark));
    if (state_.seen > state_.view.epoch)
        return false; // the others are further: their view is on its way here
    const bool is_good = mark == mark_text(state_.view.epoch, now);
    if (!is_good) state_.report_loss(state_.view.epoch);
    return is_good;
}

} // namespace tollgate::storage::redis
