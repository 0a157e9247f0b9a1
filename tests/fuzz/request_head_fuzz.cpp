// Any bytes: the head's end does not depend on how they arrive, and what is accepted can be read in one way
// only.
#include "fuzz/fuzz_input.hpp"
#include "tollgate/base/check.hpp"
#include "tollgate/http/head.hpp"

#include <string>

namespace tollgate::http {

namespace {

void check_text(std::string_view text, std::string_view within) {
    if (text.empty()) return;
    TG_CHECK(text.data() >= within.data() && text.data() + text.size() <= within.data() + within.size());
    TG_CHECK(text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos);
}

/// The accepted head, written again from its parts, must mean the same.
void check_rebuilt(const RequestHead& head) {
    std::string rebuilt = std::string(head.method) + ' ' + std::string(head.target) + " HTTP/1." +
                          std::to_string(head.minor_version) + "\r\n";
    for (const Field& field : head.fields) {
        rebuilt += std::string(field.name) + ": " + std::string(field.value) + "\r\n";
    }
    rebuilt += "\r\n";
    const auto again = parse_request_head(rebuilt, HeadLimits{.bytes = 64 * 1024});
    TG_CHECK(again.has_value());
    TG_CHECK(again->framing.kind == head.framing.kind && again->framing.length == head.framing.length);
    TG_CHECK(again->keep_alive == head.keep_alive && again->expects_continue == head.expects_continue);
    TG_CHECK(again->path == head.path && again->query == head.query);
    TG_CHECK(again->fields.size() == head.fields.size());
}

void check_head(std::string_view bytes) {
    const auto head = parse_request_head(bytes, HeadLimits{});
    if (!head) {
        TG_CHECK(head.error().source == base::ErrorSource::client);
        return;
    }
    TG_CHECK(bytes.ends_with("\r\n\r\n"));
    check_text(head->method, bytes);
    check_text(head->target, bytes);
    for (const Field& field : head->fields) {
        TG_CHECK(!field.name.empty());
        check_text(field.name, bytes);
        check_text(field.value, bytes);
    }
    const std::size_t lengths = head->fields.count("content-length");
    const std::size_t codings = head->fields.count("transfer-encoding");
    TG_CHECK(lengths + codings <= 1 && head->fields.count("host") <= 1);
    TG_CHECK((head->framing.kind == Framing::Kind::length) == (lengths == 1));
    TG_CHECK((head->framing.kind == Framing::Kind::chunked) == (codings == 1));
    check_rebuilt(*head);
}

void check_end(std::string_view bytes, std::uint32_t seed) {
    std::size_t scanned = 0;
    const std::size_t end = find_head_end(bytes, scanned);
    std::size_t dripped_scanned = 0;
    std::size_t dripped_end = 0;
    std::size_t size = 0;
    for (fuzz::Pieces pieces(bytes, seed); !pieces.is_empty() && dripped_end == 0;) {
        size += pieces.take().size();
        dripped_end = find_head_end(bytes.substr(0, size), dripped_scanned);
    }
    TG_CHECK(dripped_end == end && end <= bytes.size());
    if (end > 0) check_head(bytes.substr(0, end));
}

} // namespace

} // namespace tollgate::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    tollgate::fuzz::Input input(data, size);
    const std::uint32_t seed = input.take_byte();
    tollgate::http::check_end(input.rest(), seed);
    tollgate::http::check_head(input.rest());
    return 0;
}
