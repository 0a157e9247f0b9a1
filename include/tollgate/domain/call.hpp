// What the caller asked for: the deciding fields of the body and where they stand in it, so that an edit is a
// splice into the original bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::domain {

enum class Endpoint { chat_completions, completions, embeddings };

std::string_view to_string(Endpoint endpoint); // "chat.completions"
std::string_view path_of(Endpoint endpoint);   // "/chat/completions", below the provider's base URL

/// A run of bytes in the body.
struct Span {
    std::size_t offset = 0;
    std::size_t length = 0;
    friend bool operator==(const Span&, const Span&) = default;
};

/// Replace the bytes of `at` by `text`; a length of 0 inserts.
struct Splice {
    Span at{};
    std::string text{};
    friend bool operator==(const Splice&, const Splice&) = default;
};

/// The body with the splices done; they must not overlap and may come in any order. Insertions
/// at one place stay in the order given.
std::string apply_splices(std::string_view body, std::vector<Splice> splices);

/// Where output caps stand: `max_tokens` and `max_completion_tokens` may both be there.
struct OutputCap {
    std::uint64_t tokens = 0;
    Span value{};
    friend bool operator==(const OutputCap&, const OutputCap&) = default;
};

struct Call {
    Endpoint endpoint = Endpoint::chat_completions;
    std::string model{};
    Span model_value{}; // with its quotes
    bool stream = false;
    bool include_usage = false;                 // stream_options.include_usage is true
    std::optional<Span> include_usage_value{};  // of the member's value, if the member is there
    std::optional<Span> stream_options_value{}; // of the member's value, an object or null, if it is there
    bool has_stream_options_members = false;    // it is an object and not an empty one
    std::vector<OutputCap> output_caps{};
    std::vector<Span> null_output_caps{}; // of caps that are null: no cap, but a member that is there
    std::uint64_t choices = 1;            // n
    std::uint64_t best_of = 1;
    std::uint64_t prompts = 1;     // of a completion's array of texts: each is answered `n` times
    std::uint64_t attachments = 0; // content parts other than text: the bytes do not bound their tokens
    bool has_tools = false;        // `tools` or `functions` is there: the provider adds a prompt of its own
    std::size_t prompt_bytes = 0;  // size of the body: what its tokens are estimated from
    std::optional<std::uint64_t> most_text_tokens{}; // that its text can be; absent: as many as bytes
    bool has_unknown_members = false; // of the body: they may make the model do what we do not see
    std::size_t object_open = 0; // offset just behind the body's opening brace, where members can be inserted
    bool is_empty_object = false;
};

/// The edits below replace a member that is there, whatever its value, and never add a second one: two
/// members of one name would be read differently by different parsers.

/// Puts `name` in the place of the model, as a JSON string.
Splice rename_model(const Call& call, std::string_view name);

/// Makes the provider report a stream's usage; nothing if the client asked for it itself.
std::optional<Splice> ask_for_usage(const Call& call);

/// Lowers every output cap above `tokens` to it; sets `member` ("max_tokens") where the call has no cap.
std::vector<Splice> cap_output(const Call& call, std::uint64_t tokens, std::string_view member);

} // namespace tollgate::domain
