#include "simulator/prepared.hpp"

#include <algorithm>

namespace tollgate::simulator {

namespace {

constexpr std::size_t most_bytes = 64U << 20U;
constexpr std::size_t most_bytes_of_one = 4U << 20U;

std::string head_of(const Reply& reply) {
    std::string head = "HTTP/1.1 " + std::to_string(reply.status) + " ";
    head.append(reason_phrase(reply.status)).append("\r\ndate: ").append(date_placeholder).append("\r\n");
    head.append("content-type: ").append(reply.content_type).append("\r\n");
    for (const auto& [name, value] : reply.headers)
        head.append(name).append(": ").append(value).append("\r\n");
    if (reply.form == Form::whole) head += "content-length: " + std::to_string(reply.body.size()) + "\r\n";
    return head;
}

} // namespace

Prepared::Prepared(Reply given) : reply(std::move(given)), head(head_of(reply)), body(std::move(reply.body)) {
    reply.body.clear();
    weight = head.size() + body.size();
    for (const Event& event : reply.events) weight += event.bytes.size();
}

std::shared_ptr<const Prepared> PreparedCache::find(std::string_view key) const {
    const auto found = kept_.find(key);
    return found == kept_.end() ? nullptr : found->second;
}

void PreparedCache::keep(std::string_view key, std::shared_ptr<const Prepared> prepared) {
    const std::size_t bytes = key.size() + prepared->weight;
    if (prepared->reply.repeatable == Repeatable::no || bytes > most_bytes_of_one) return;
    if (bytes_ + bytes > most_bytes) {
        kept_.clear();
        bytes_ = 0;
    }
    if (kept_.emplace(key, std::move(prepared)).second) bytes_ += bytes;
}

std::size_t PreparedCache::Hash::operator()(std::string_view key) const noexcept {
    static constexpr std::size_t end_bytes = 128;
    const std::string_view begin = key.substr(0, end_bytes);
    const std::string_view end = key.substr(key.size() - std::min(key.size(), end_bytes));
    const std::hash<std::string_view> hash;
    return hash(begin) * 31 + hash(end) + key.size();
}

} // namespace tollgate::simulator
