// Text in aligned columns, for people. Values; any thread.
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::app {

/// The text with control characters replaced, so that stored text cannot steer the terminal.
std::string printable(std::string_view text);

class Table {
public:
    explicit Table(std::vector<std::string> header);

    /// As many cells as the header has.
    void add(std::vector<std::string> row);
    bool empty() const { return rows_.size() == 1; }

    /// Columns two spaces apart, as wide as their widest cell; nothing behind the last one.
    void print(std::ostream& out) const;

private:
    std::vector<std::vector<std::string>> rows_; // the header first
};

/// "name:   value" lines with the values aligned.
void print_fields(std::ostream& out, const std::vector<std::pair<std::string, std::string>>& fields);

} // namespace tollgate::app
