// The configuration file as a small tree with line numbers, read by yaml-cpp's event parser. Its size is
// bounded while it is built: nesting, nodes and the expansion of aliases cannot exhaust memory.
#pragma once

#include "tollgate/config/load_config.hpp"

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::config {

inline constexpr std::size_t max_file_bytes = 1 * mebibyte;
inline constexpr std::size_t max_nodes = 50'000;
inline constexpr std::size_t max_depth = 20;

struct Node {
    enum class Kind { null, scalar, list, map };
    Kind kind = Kind::null;
    int line = 0;              // from 1
    std::string name{};        // in a map: the name that this node is the value of
    std::string text{};        // of a scalar, as written: nothing expanded
    std::vector<Node> items{}; // of a list or a map, in order

    /// The first item with this name; null: none.
    const Node* find(std::string_view item_name) const;
};

/// Reads one document; an empty one is a null node. Duplicate names are left in.
std::expected<Node, ConfigFault> parse_document(std::string_view text);

} // namespace tollgate::config
