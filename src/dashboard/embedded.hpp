// The files that are built into the program: the web page and the description of the API, with what a browser
// needs to know of them. scripts/cmake/embed.py makes the table. Read-only; any thread.
#pragma once

#include <span>
#include <string_view>

namespace tollgate::dashboard {

struct EmbeddedFile {
    std::string_view path; // as it is asked for: "/index.html"
    std::string_view type;
    std::string_view etag; // with its quotes
    std::string_view plain;
    std::string_view gzip;   // empty: not worth it
    std::string_view brotli; // the same
};

std::span<const EmbeddedFile> embedded_files();

/// Null: there is none.
const EmbeddedFile* find_embedded(std::string_view path);

} // namespace tollgate::dashboard
