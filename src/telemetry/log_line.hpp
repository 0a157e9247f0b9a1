// The text of one log line without its time and level, in either format. Pure.
#pragma once

#include "tollgate/telemetry/log.hpp"

#include <string>
#include <string_view>

namespace tollgate::telemetry {

enum class LineFormat { json, human };

/// JSON: `"message":"…"`, then fields `,"name":value`: the inside of an object. Human: the message, then
/// fields ` name=value`, where a value is quoted when it is not one plain word.
class LogLine {
public:
    /// Appends to `out`, which must outlive the line.
    LogLine(std::string& out, LineFormat format, std::string_view message);
    void add(const Attribute& attribute);

private:
    void add_name(std::string_view name);
    void add_text(std::string_view text);

    std::string& out_;
    LineFormat format_;
};

} // namespace tollgate::telemetry
