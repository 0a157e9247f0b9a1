#include "config/section.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace tollgate::config {

namespace {

std::string join(std::string_view path, std::string_view name) {
    return path.empty() ? std::string(name) : std::string(path).append(".").append(name);
}

std::string_view kind_of(const Node& node) {
    switch (node.kind) {
    case Node::Kind::null: return "empty";
    case Node::Kind::scalar: return "a single value";
    case Node::Kind::list: return "a list";
    case Node::Kind::map: return "a map";
    }
    return "something else";
}

} // namespace

void Reading::complain(std::string path, std::string message) {
    const auto found = lines.find(path);
    faults.push_back({.path = std::move(path),
                      .line = found == lines.end() ? 0 : found->second,
                      .message = std::move(message)});
}

Section::Section(const Node* node, std::string path, Reading& reading)
    : node_(node), path_(std::move(path)), reading_(reading) {
    if (!node_ || node_->kind == Node::Kind::null) {
        node_ = nullptr;
    } else if (node_->kind != Node::Kind::map) {
        reading_.lines[path_] = node_->line;
        reading_.complain(path_, "must be a map of settings, but is " + std::string(kind_of(*node_)));
        node_ = nullptr;
    }
}

const Node* Section::find(std::string_view name) const {
    return node_ ? node_->find(name) : nullptr;
}

const Node* Section::take(std::string_view name) {
    known_.push_back(name);
    const Node* node = find(name);
    if (node) reading_.lines[path_of(name)] = node->line;
    return node;
}

void Section::read_optional_text(std::string_view name, std::string& value) {
    const Node* node = take(name);
    if (!node) return;
    value.clear();
    if (node->kind == Node::Kind::null) return;
    if (auto text = text_of_node(*node, path_of(name))) value = std::move(*text);
}

bool Section::check_list(const Node& node, const std::string& path) {
    reading_.lines[path] = node.line;
    if (node.kind == Node::Kind::list) return true;
    reading_.complain(path, "must be a list such as [\"…\"], but is " + std::string(kind_of(node)));
    return false;
}

Section Section::section(std::string_view name) {
    return {take(name), path_of(name), reading_};
}

std::span<const Node> Section::items() const {
    return node_ ? std::span<const Node>(node_->items) : std::span<const Node>{};
}

std::optional<std::string> Section::text_of_node(const Node& node, const std::string& path) {
    reading_.lines[path] = node.line;
    if (node.kind != Node::Kind::scalar) {
        reading_.complain(path, "must be a single value, but is " + std::string(kind_of(node)));
        return std::nullopt;
    }
    auto text = expand(node.text, reading_.environment);
    if (text) return std::move(*text);
    reading_.complain(path, text.error());
    return std::nullopt;
}

std::string Section::path_of(std::string_view name) const {
    return join(path_, name);
}

void Section::refuse_others() {
    if (!node_) return;
    for (const Node& item : node_->items) {
        if (std::ranges::find(known_, item.name) != known_.end()) continue;
        std::string message = "is not a setting";
        const auto nearest = nearest_name(item.name, known_);
        if (!nearest.empty()) message.append("; did you mean ").append(nearest).append("?");
        reading_.lines[path_of(item.name)] = item.line;
        reading_.complain(path_of(item.name), std::move(message));
    }
}

void refuse_duplicates(const Node& node, const std::string& path, Reading& reading) {
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        const Node& item = node.items[i];
        const bool in_map = node.kind == Node::Kind::map;
        const std::string item_path = in_map ? join(path, item.name) : path + "[" + std::to_string(i) + "]";
        if (in_map && !names.insert(item.name).second) {
            reading.faults.push_back({.path = item_path, .line = item.line, .message = "is set twice"});
        }
        refuse_duplicates(item, item_path, reading);
    }
}

} // namespace tollgate::config
