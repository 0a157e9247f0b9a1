#include "dashboard/documentation.hpp"

#include "dashboard/base64.hpp"
#include "dashboard/json_reply.hpp"
#include "tollgate/base/digest.hpp"

#include <algorithm>

namespace tollgate::dashboard {

namespace {

constexpr std::string_view style = R"(
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
code,pre{font:14px/1.5 ui-monospace,monospace}
h2{margin-top:3rem}h3{margin-top:2rem;font-size:1.05rem}
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #8884}
.who{opacity:.7}
)";

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        default: out += c;
        }
    }
    return out;
}

std::string text_of(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string name_of_reference(const Json& schema) {
    const std::string reference = text_of(schema, "$ref");
    return reference.substr(reference.rfind('/') + 1);
}

std::string link_to(const std::string& name) {
    return "<a href=\"#" + escaped(name) + "\">" + escaped(name) + "</a>";
}

/// "string", "integer or null", "list of Lot".
std::string type_of(const Json& schema) {
    if (schema.contains("$ref")) return link_to(name_of_reference(schema));
    const auto type = schema.find("type");
    if (type == schema.end()) return "any";
    if (type->is_string() && *type == "array") return "list of " + type_of(schema.at("items"));
    if (type->is_string()) return escaped(type->get<std::string>());
    std::string text;
    for (const Json& each : *type) text += (text.empty() ? "" : " or ") + escaped(each.get<std::string>());
    return text;
}

std::string notes_of(const Json& schema) {
    std::string text = escaped(text_of(schema, "description"));
    const auto choices = schema.find("enum");
    if (choices == schema.end()) return text;
    for (const Json& each : *choices) text += " <code>" + escaped(each.dump()) + "</code>";
    return text;
}

std::string row(const std::string& name, const std::string& type, const std::string& notes) {
    return "<tr><td><code>" + escaped(name) + "</code></td><td>" + type + "</td><td>" + notes +
           "</td></tr>\n";
}

void append_parameters(std::string& html, const Json& operation) {
    const auto parameters = operation.find("parameters");
    if (parameters == operation.end()) return;
    html += "<table><tr><th>Parameter</th><th>Type</th><th></th></tr>\n";
    for (const Json& each : *parameters) {
        html += row(text_of(each, "name") + (text_of(each, "in") == "path" ? " (path)" : ""),
                    type_of(each.at("schema")),
                    escaped(text_of(each, "description")) + notes_of(each.at("schema")));
    }
    html += "</table>\n";
}

void append_bodies(std::string& html, const Json& operation) {
    if (operation.contains("requestBody")) {
        const Json& schema = operation["requestBody"]["content"]["application/json"]["schema"];
        html += "<p>Body: " + type_of(schema) + "</p>\n";
    }
    html += "<p>Answers:";
    for (const auto& [status, response] : operation.at("responses").items()) {
        html += " <code>" + escaped(status) + "</code>";
        if (!response.contains("content")) continue;
        const Json& content = response.at("content").front();
        if (content.at("schema").contains("$ref")) html += " " + type_of(content.at("schema"));
    }
    html += "</p>\n";
}

void append_operations(std::string& html, const Json& document) {
    for (const auto& [path, operations] : document.at("paths").items()) {
        for (const auto& [method, operation] : operations.items()) {
            std::string shown = method;
            std::ranges::transform(shown, shown.begin(), [](char c) { return static_cast<char>(c - 32); });
            html += "<h3><code>" + shown + " " + escaped(path) + "</code></h3>\n<p>" +
                    escaped(text_of(operation, "summary")) + " <span class=\"who\">(" +
                    escaped(text_of(operation, "x-who")) + ")</span></p>\n";
            append_parameters(html, operation);
            append_bodies(html, operation);
        }
    }
}

void append_schemas(std::string& html, const Json& document) {
    for (const auto& [name, schema] : document.at("components").at("schemas").items()) {
        html += "<h3 id=\"" + escaped(name) + "\">" + escaped(name) + "</h3>\n<p>" +
                escaped(text_of(schema, "description")) + "</p>\n<table>\n";
        for (const auto& [field, type] : schema.at("properties").items())
            html += row(field, type_of(type), notes_of(type));
        html += "</table>\n";
    }
}

/// The source expression for a style sheet by its hash (CSP Level 3): ordinary base64 with padding.
std::string style_hash() {
    std::string hash = to_base64url(std::span<const std::uint8_t>(base::sha256(style).bytes));
    std::ranges::replace(hash, '-', '+');
    std::ranges::replace(hash, '_', '/');
    return "'sha256-" + hash + "='";
}

} // namespace

Documentation make_documentation(std::string_view openapi) {
    const Json document = Json::parse(openapi);
    const std::string title = escaped(text_of(document.at("info"), "title"));
    std::string html =
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width\"><title>" +
        title + "</title><style>" + std::string(style) + "</style></head>\n<body>\n<h1>" + title +
        "</h1>\n<p>" + escaped(text_of(document.at("info"), "description")) +
        "</p>\n<p>For programs: <a href=\"/api/openapi.json\">openapi.json</a></p>\n<h2>Calls</h2>\n";
    append_operations(html, document);
    html += "<h2>Types</h2>\n";
    append_schemas(html, document);
    html += "</body>\n</html>\n";
    return {.html = std::move(html),
            .policy = "default-src 'none'; style-src " + style_hash() +
                      "; base-uri 'none'; frame-ancestors 'none'"};
}

} // namespace tollgate::dashboard
