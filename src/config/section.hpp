// One map of the file while it is read: hands out its settings by name, writes down every fault with path and
// line, and at the end reports the names that nobody asked for. Lives during one load_config_* call.
#pragma once

#include "config/document.hpp"
#include "config/expand.hpp"
#include "config/values.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace tollgate::config {

/// What one load knows besides the settings.
struct Reading {
    const Environment& environment;
    std::vector<ConfigFault> faults{};
    std::map<std::string, int, std::less<>> lines{}; // of the paths that the file sets

    void complain(std::string path, std::string message);
};

template <class T>
struct Range {
    T low;
    T high;
};

class Section {
public:
    /// `node` null: absent, so that every setting keeps its default. One that is no map is a fault.
    Section(const Node* node, std::string path, Reading& reading);

    Section(const Section&) = delete;
    Section& operator=(const Section&) = delete;
    ~Section() = default;

    /// Sets `value` if the file does.
    template <class T>
    void read(std::string_view name, T& value) {
        if (const Node* node = take(name)) read_node(*node, path_of(name), value);
    }

    /// The same for a value that must lie in a range, ends included.
    template <class T>
    void read(std::string_view name, T& value, Range<T> range) {
        const Node* node = take(name);
        if (!node || !read_node(*node, path_of(name), value)) return;
        if (value >= range.low && value <= range.high) return;
        reading_.complain(path_of(name), "must be from " + text_of(range.low) + " to " + text_of(range.high));
    }

    /// ~ means none.
    template <class T>
    void read_optional(std::string_view name, std::optional<T>& value) {
        const Node* node = take(name);
        if (!node) return;
        if (node->kind == Node::Kind::null) return value.reset();
        T present{};
        if (read_node(*node, path_of(name), present)) value = std::move(present);
    }

    /// A list replaces the default as a whole.
    template <class T>
    void read_list(std::string_view name, std::vector<T>& values) {
        if (const Node* node = take(name)) read_list_node(*node, path_of(name), values);
    }

    /// The map under `name`, absent or null included.
    Section section(std::string_view name);

    /// This map's items, for a map whose names the user chooses.
    std::span<const Node> items() const;

    /// Sets `value` from a node of such a map; false: a fault was written down.
    template <class T>
    bool read_node(const Node& node, const std::string& path, T& value) {
        const auto text = text_of_node(node, path);
        if (!text) return false;
        const Complaint complaint = read_value(*text, value);
        if (complaint) reading_.complain(path, quote<T>(node) + *complaint);
        return !complaint;
    }

    /// Sets `values` from a node that is a list, if all of it is sound; false: it is no list.
    template <class T>
    bool read_list_node(const Node& node, const std::string& path, std::vector<T>& values) {
        if (!check_list(node, path)) return false;
        std::vector<T> read_values(node.items.size());
        bool is_sound = true;
        for (std::size_t i = 0; i < node.items.size(); ++i) {
            const std::string item_path = path + "[" + std::to_string(i) + "]";
            is_sound &= read_node(node.items[i], item_path, read_values[i]);
        }
        // A default instead of half a list: otherwise later checks complain about what was never written.
        if (is_sound) values = std::move(read_values);
        return true;
    }

    /// ~ or an empty text mean none.
    void read_optional_text(std::string_view name, std::string& value);

    /// The item, only looked at; null: the file does not set it.
    const Node* find(std::string_view name) const;

    /// The item, now counted as known; null: the file does not set it.
    const Node* take(std::string_view name);

    /// The text of a single value with its references replaced; nothing: a fault was written down.
    std::optional<std::string> text_of_node(const Node& node, const std::string& path);

    std::string path_of(std::string_view name) const;
    const std::string& path() const { return path_; }
    Reading& reading() const { return reading_; }

    /// Reports what nobody took; the last call on every section.
    void refuse_others();

private:
    bool check_list(const Node& node, const std::string& path);

    /// The text as written, unless it may hold a credential.
    template <class T>
    static std::string quote(const Node& node) {
        constexpr bool is_sensitive = std::is_same_v<T, base::Secret> || std::is_same_v<T, base::Url> ||
                                      std::is_same_v<T, decltype(Storage::database)>;
        return is_sensitive || node.text.empty() ? "" : "'" + node.text.substr(0, 80) + "' ";
    }

    const Node* node_;
    std::string path_;
    Reading& reading_;
    std::vector<std::string_view> known_{};
};

/// Names that stand twice in one map, anywhere in the tree.
void refuse_duplicates(const Node& node, const std::string& path, Reading& reading);

} // namespace tollgate::config
