// Walks a provider's JSON with simdjson's on-demand parser, which needs padding behind the bytes: a copy in a
// buffer of the thread. One reader at a time on a thread.
#pragma once

#include "tollgate/domain/call.hpp"

#include <simdjson.h>

#include <string_view>
#include <type_traits>
#include <utility>

namespace tollgate::upstream {

/// Calls `visit(key, value)` for each member; false when the JSON breaks off.
template <class Visit>
bool for_each_member(simdjson::ondemand::object members, Visit visit) {
    for (auto entry : members) {
        simdjson::ondemand::field field;
        std::string_view key;
        if (std::move(entry).get(field) != simdjson::SUCCESS) return false;
        if (field.unescaped_key().get(key) != simdjson::SUCCESS) return false;
        visit(key, field.value());
    }
    return true;
}

/// The same for a value or a document; false also when it is no object.
template <class Source, class Visit>
    requires(!std::is_same_v<std::remove_cvref_t<Source>, simdjson::ondemand::object>)
bool for_each_member(Source&& source, Visit visit) {
    simdjson::ondemand::object members;
    return source.get_object().get(members) == simdjson::SUCCESS && for_each_member(members, visit);
}

/// The text of any value, perhaps with blanks behind it; empty if it breaks off.
std::string_view raw_text(simdjson::ondemand::value source);

class JsonReader {
public:
    explicit JsonReader(std::string_view json);
    ~JsonReader();
    JsonReader(const JsonReader&) = delete;
    JsonReader& operator=(const JsonReader&) = delete;

    /// False: not one whole object (what came before the fault was visited).
    template <class Visit>
    bool for_each_root_member(Visit visit) {
        return is_readable_ && for_each_member(document_, visit);
    }

    /// Where `text`, which simdjson gave out, stands in the JSON; blanks behind it are left out.
    domain::Span span_of(std::string_view text) const;

private:
    simdjson::ondemand::document document_{};
    bool is_readable_ = false;
};

} // namespace tollgate::upstream
