// Calls from the newest to the oldest, a row at a time, of all, of a key or of an account. A key's calls have
// an index; those of an account are its keys' calls, merged. Used within the work of a Database.
#pragma once

#include "storage/sqlite/connection.hpp"
#include "tollgate/ports/usage_reports.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace tollgate::storage::sqlite {

struct CallsAsked {
    const ports::UsageFilter& filter;
    const ports::TimeRange& times;
    const std::optional<ports::EventCursor>& after;
    ports::StatusRange status{};
};

class CallRows {
public:
    CallRows(Connection& connection, const CallsAsked& asked);
    ~CallRows();
    CallRows(const CallRows&) = delete;
    CallRows& operator=(const CallRows&) = delete;

    /// Moves to the next call of the key or account in these times; false after the last one.
    bool step();

    /// Does the row have the model, provider and status that were asked for?
    bool matches() const;

    ports::EventCursor place() const;
    domain::UsageEvent event() const;

private:
    class Cursor;
    static bool is_older(const std::unique_ptr<Cursor>& left, const std::unique_ptr<Cursor>& right);
    void open_cursors(Connection& connection);
    void add(std::unique_ptr<Cursor> cursor);

    const CallsAsked asked_;
    Query row_;
    std::vector<std::unique_ptr<Cursor>> cursors_; // a heap, the newest in front
};

} // namespace tollgate::storage::sqlite
