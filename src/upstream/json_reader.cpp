#include "upstream/json_reader.hpp"

#include <cstring>
#include <vector>

namespace tollgate::upstream {

namespace {

// A body of this size is rare; what it needed is given back.
constexpr std::size_t largest_kept = std::size_t{1} << 20;

struct Workspace {
    std::vector<char> bytes{};
    simdjson::ondemand::parser parser{};
};

Workspace& workspace() {
    thread_local Workspace space;
    return space;
}

} // namespace

std::string_view raw_text(simdjson::ondemand::value source) {
    std::string_view text;
    simdjson::ondemand::object members;
    simdjson::ondemand::array elements;
    if (source.get_object().get(members) == simdjson::SUCCESS) {
        return members.raw_json().get(text) == simdjson::SUCCESS ? text : std::string_view{};
    }
    if (source.get_array().get(elements) == simdjson::SUCCESS) {
        return elements.raw_json().get(text) == simdjson::SUCCESS ? text : std::string_view{};
    }
    return source.raw_json_token();
}

JsonReader::JsonReader(std::string_view json) {
    auto& [bytes, parser] = workspace();
    bytes.resize(std::max(bytes.size(), json.size() + simdjson::SIMDJSON_PADDING));
    std::memcpy(bytes.data(), json.data(), json.size());
    // Whatever the last text left behind must not look like more of this one.
    std::memset(bytes.data() + json.size(), 0, simdjson::SIMDJSON_PADDING);
    const simdjson::padded_string_view padded(bytes.data(), json.size(), bytes.size());
    is_readable_ = parser.iterate(padded).get(document_) == simdjson::SUCCESS;
}

JsonReader::~JsonReader() {
    auto& space = workspace();
    if (space.bytes.size() > largest_kept) space = Workspace();
}

domain::Span JsonReader::span_of(std::string_view text) const {
    if (text.empty()) return {};
    // simdjson's texts reach up to the next token.
    const std::size_t length = text.find_last_not_of(" \t\r\n") + 1;
    return {.offset = static_cast<std::size_t>(text.data() - workspace().bytes.data()), .length = length};
}

} // namespace tollgate::upstream
