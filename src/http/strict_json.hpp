// Walks JSON that simdjson has indexed and refuses what simdjson leaves unread: numbers, literals, escapes,
// duplicate names, depth. One per thread, used for one document after the other.
#pragma once

#include "http/prompt_count.hpp"
#include "tollgate/domain/call.hpp"

#include <deque>
#include <memory>
#include <simdjson.h>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::http {

enum class JsonFault { none, malformed, not_utf8, too_deep, duplicate_name, too_many_members };

/// One member of an object: its unescaped name and where its value stands, without blanks around it.
struct JsonMember {
    std::string_view name{};
    domain::Span value{};
};

class StrictJson {
public:
    /// Reads a whole document that must be an object; `detailed` names a member whose own members are wanted,
    /// if it is an object. The results hold until the next call.
    JsonFault read(std::string_view body, std::string_view detailed);

    const std::vector<JsonMember>& members() const { return members_; }
    const std::vector<JsonMember>& details() const { return details_; }

    /// Members anywhere below `messages` that bring in what is not text: a picture, a sound, a file.
    std::size_t attachments() const { return attachments_; }

    const PromptCount& prompt() const { return prompt_; }

private:
    using Members = std::vector<JsonMember>;

    JsonFault index(std::string_view body);
    JsonFault walk_object(simdjson::ondemand::object object, int depth, Members* members);
    JsonFault walk_member(simdjson::ondemand::field field, int depth, Members* members);
    JsonFault walk_array(simdjson::ondemand::array array, int depth);
    JsonFault walk_value(simdjson::ondemand::value value, int depth, Members* members);
    JsonFault walk_scalar(simdjson::ondemand::value value);
    bool read_name(const char* start);
    domain::Span span_from(const char* start);
    JsonFault check_names(std::size_t first);

    std::unique_ptr<char[]> buffer_;
    std::size_t buffer_size_ = 0;
    std::size_t body_size_ = 0;
    std::string_view detailed_;
    simdjson::ondemand::parser parser_;
    simdjson::ondemand::document document_;
    Members members_;
    Members details_;
    std::size_t attachments_ = 0;
    bool counts_attachments_ = false; // inside `messages`
    PromptCount prompt_;
    std::vector<std::string_view> names_; // of the objects that are open, outermost first
    std::deque<std::string> unescaped_;   // names that were written with escapes
};

} // namespace tollgate::http
