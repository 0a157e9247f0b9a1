// Reads a body's JSON strictly, in place and in one pass: refuses what two parsers could read differently,
// such as two members of one name, and tells where the members of the outermost object stand. One per thread,
// used for one document after the other.
#pragma once

#include "http/prompt_count.hpp"
#include "tollgate/domain/call.hpp"
#include "tollgate/http/json_scanner.hpp"

#include <array>
#include <deque>
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
    /// if it is an object. The results hold until the next call, and names as long as `body` does.
    JsonFault read(std::string_view body, std::string_view detailed);

    const std::vector<JsonMember>& members() const { return members_; }
    const std::vector<JsonMember>& details() const { return details_; }

    /// Members anywhere below `messages` that bring in what is not text: a picture, a sound, a file.
    std::size_t attachments() const { return attachments_; }

    const PromptCount& prompt() const { return prompt_; }

private:
    using Members = std::vector<JsonMember>;

    /// An array or an object that is open.
    struct Level {
        char closing;
        std::size_t first_name; // where its names begin
        std::size_t members;
    };

    /// How a message began, up to the opening quote of its second text.
    struct Opening {
        std::string_view bytes{};
        std::size_t first_text = 0; // its size
    };

    JsonFault walk_document(JsonScanner& scanner);
    JsonFault walk_object(JsonScanner& scanner, int depth, Members& members);
    JsonFault walk_members(JsonScanner& scanner, int depth, Members& members);
    JsonFault walk_member(JsonScanner& scanner, int depth, Members& members);
    JsonFault walk_value(JsonScanner& scanner, int depth);
    JsonFault walk_nested(JsonScanner& scanner, int depth);
    bool walk_leaf(JsonScanner& scanner);
    bool walk_message(JsonScanner& scanner);
    bool walk_known_message(JsonScanner& scanner);
    void walk_further_messages(JsonScanner& scanner);
    Level open_level(char bracket);
    bool read_name(JsonScanner& scanner);
    std::string_view unescaped(const JsonScanner::Text& name);
    void note_name(std::string_view name);
    bool close_names(std::size_t first);

    std::string_view body_;
    std::string_view detailed_;
    Members members_;
    Members details_;
    std::size_t attachments_ = 0;
    bool counts_attachments_ = false; // inside `messages`
    PromptCount prompt_;
    std::array<Opening, 3> openings_{}; // of different messages of this body: one for each role, as a rule
    std::size_t opening_count_ = 0;
    std::vector<std::string_view> names_; // of the objects that are open, outermost first
    std::deque<std::string> unescaped_;   // names that were written with escapes
};

} // namespace tollgate::http
