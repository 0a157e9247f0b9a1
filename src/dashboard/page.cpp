#include "dashboard/page.hpp"

#include <algorithm>

namespace tollgate::dashboard {

namespace {

constexpr std::string_view content_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

std::string_view trim(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::string_view take_item(std::string_view& list, char separator) {
    const auto end = std::min(list.find(separator), list.size());
    const std::string_view item = trim(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
    return item;
}

/// "q=0", "q=0.000": not acceptable.
bool is_refused(std::string_view parameters) {
    while (!parameters.empty()) {
        const std::string_view item = take_item(parameters, ';');
        if (item.starts_with("q=") && item.find_first_not_of("0.", 2) == std::string_view::npos) return true;
    }
    return false;
}

std::unexpected<base::Error> nothing_at(std::string_view path) {
    return base::reject(base::ErrorCode::unknown_path,
                        "there is nothing at " + std::string(path) +
                            "; models are below /v1, the management API below /api");
}

const EmbeddedFile* file_for(const http::RequestHead& head) {
    const std::string_view path = head.path;
    if (path == "/") return find_embedded("/index.html");
    if (const EmbeddedFile* file = find_embedded(path)) return file;
    const bool is_place =
        !path.starts_with("/assets/") && !path.starts_with("/v1/") && !path.starts_with("/health");
    if (is_place && head.fields.find("accept").contains("text/html")) return find_embedded("/index.html");
    return nullptr;
}

void choose_coding(const EmbeddedFile& file, std::string_view accepted, PageAnswer& answer) {
    answer.body = file.plain;
    if (file.gzip.empty() && file.brotli.empty()) return;
    answer.fields.emplace_back("vary", "accept-encoding");
    if (!file.brotli.empty() && accepts_coding(accepted, "br")) {
        answer.body = file.brotli;
        answer.fields.emplace_back("content-encoding", "br");
    } else if (!file.gzip.empty() && accepts_coding(accepted, "gzip")) {
        answer.body = file.gzip;
        answer.fields.emplace_back("content-encoding", "gzip");
    }
}

} // namespace

const EmbeddedFile* find_embedded(std::string_view path) {
    const auto files = embedded_files();
    const auto found = std::ranges::find(files, path, &EmbeddedFile::path);
    return found == files.end() ? nullptr : &*found;
}

bool accepts_coding(std::string_view accept_encoding, std::string_view coding) {
    while (!accept_encoding.empty()) {
        std::string_view item = take_item(accept_encoding, ',');
        if (http::equals_ignoring_case(take_item(item, ';'), coding)) return !is_refused(item);
    }
    return false;
}

base::Result<PageAnswer> answer_page(const http::RequestHead& head) {
    const EmbeddedFile* file = file_for(head);
    if (file == nullptr) return nothing_at(head.path);
    if (head.method != "GET" && head.method != "HEAD")
        return base::reject(base::ErrorCode::method_not_allowed, "the web page takes GET");
    PageAnswer answer{.type = file->type};
    answer.fields = {
        {"etag", std::string(file->etag)},     {"content-security-policy", std::string(content_policy)},
        {"x-content-type-options", "nosniff"}, {"x-frame-options", "DENY"},
        {"referrer-policy", "same-origin"},    {"cross-origin-opener-policy", "same-origin"}};
    // Assets carry the hash of their content in their names.
    const bool is_asset = file->path.starts_with("/assets/");
    answer.fields.emplace_back("cache-control",
                               is_asset ? "public, max-age=31536000, immutable" : "no-cache");
    choose_coding(*file, head.fields.find("accept-encoding"), answer);
    if (head.fields.find("if-none-match").contains(file->etag)) {
        answer.status = 304;
        answer.body = {};
    }
    return answer;
}

} // namespace tollgate::dashboard
