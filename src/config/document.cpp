#include "config/document.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>
#include <utility>

namespace tollgate::config {

namespace {

int line_of(const YAML::Mark& mark) {
    return mark.is_null() ? 0 : mark.line + 1;
}

std::size_t count_nodes(const Node& node) {
    std::size_t count = 1;
    for (const Node& item : node.items) count += count_nodes(item);
    return count;
}

/// Builds the tree from the parser's events. A broken bound is thrown as the parser's own exception, which
/// ends the parsing and is caught in parse_document.
class TreeBuilder : public YAML::EventHandler {
public:
    Node take_root() { return std::move(root_); }

    void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        add(Node{.line = line_of(mark)}, anchor, mark);
    }
    void OnScalar(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                  const std::string& value) override {
        add(Node{.kind = Node::Kind::scalar, .line = line_of(mark), .text = value}, anchor, mark);
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto found = anchors_.find(anchor);
        if (found == anchors_.end()) throw YAML::Exception(mark, "an alias inside of what it stands for");
        count(count_nodes(found->second), mark);
        add(found->second, YAML::NullAnchor, mark);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value /*style*/) override {
        open(Node{.kind = Node::Kind::list, .line = line_of(mark)}, anchor, mark);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value /*style*/) override {
        open(Node{.kind = Node::Kind::map, .line = line_of(mark)}, anchor, mark);
    }
    void OnMapEnd() override { close(); }

private:
    struct Frame {
        Node node;
        YAML::anchor_t anchor;
        YAML::Mark mark;
        std::optional<std::string> name{}; // of a map: read, its value not yet
    };

    void count(std::size_t nodes, const YAML::Mark& mark) {
        node_count_ += nodes;
        if (node_count_ > max_nodes) throw YAML::Exception(mark, "too many values, aliases included");
    }

    void open(Node node, YAML::anchor_t anchor, const YAML::Mark& mark) {
        if (frames_.size() >= max_depth) throw YAML::Exception(mark, "nested too deeply");
        frames_.push_back({.node = std::move(node), .anchor = anchor, .mark = mark});
    }

    void close() {
        Frame frame = std::move(frames_.back());
        frames_.pop_back();
        add(std::move(frame.node), frame.anchor, frame.mark);
    }

    /// Puts a finished node where it belongs.
    void add(Node node, YAML::anchor_t anchor, const YAML::Mark& mark) {
        count(1, mark);
        if (anchor != YAML::NullAnchor) {
            count(count_nodes(node), mark);
            anchors_[anchor] = node;
        }
        if (frames_.empty()) {
            root_ = std::move(node);
            return;
        }
        Frame& parent = frames_.back();
        if (parent.node.kind == Node::Kind::map) {
            if (!parent.name) {
                if (node.kind != Node::Kind::scalar) throw YAML::Exception(mark, "a name must be plain text");
                parent.name = std::move(node.text);
                return;
            }
            node.name = std::move(*parent.name);
            parent.name.reset();
        }
        parent.node.items.push_back(std::move(node));
    }

    std::vector<Frame> frames_{};
    std::map<YAML::anchor_t, Node> anchors_{};
    std::size_t node_count_ = 0;
    Node root_{};
};

} // namespace

const Node* Node::find(std::string_view item_name) const {
    const auto found = std::ranges::find(items, item_name, &Node::name);
    return found == items.end() ? nullptr : &*found;
}

std::expected<Node, ConfigFault> parse_document(std::string_view text) {
    if (text.size() > max_file_bytes) return std::unexpected(ConfigFault{.message = "larger than 1 MiB"});
    try {
        std::istringstream stream{std::string(text)};
        YAML::Parser parser(stream);
        TreeBuilder builder;
        parser.HandleNextDocument(builder);
        Node root = builder.take_root();
        TreeBuilder surplus;
        if (parser.HandleNextDocument(surplus)) {
            return std::unexpected(ConfigFault{.message = "holds more than one YAML document"});
        }
        return root;
    } catch (const YAML::Exception& fault) {
        return std::unexpected(
            ConfigFault{.line = line_of(fault.mark), .message = "not valid YAML: " + fault.msg});
    } catch (const std::exception& fault) {
        return std::unexpected(ConfigFault{.message = std::string("not readable as YAML: ") + fault.what()});
    }
}

} // namespace tollgate::config
