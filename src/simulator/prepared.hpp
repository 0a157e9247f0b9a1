// An answer rendered to bytes except for stamp and connection header, and a small cache of such answers by
// the exact bytes of the request: equal requests get equal answers. A cache belongs to one thread; prepared
// answers are shared.
#pragma once

#include "simulator/reply.hpp"
#include "simulator/stamp.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace tollgate::simulator {

struct Prepared {
    explicit Prepared(Reply given);

    Reply reply;  // its body is empty: it is below
    Stamped head; // status line and headers but for framing of streams, connection and the empty line
    Stamped body;
    std::size_t weight = 0; // bytes, for the cache's bound
};

class PreparedCache {
public:
    /// Null if it is not there.
    std::shared_ptr<const Prepared> find(std::string_view key) const;
    /// Large answers are not kept; a full cache is emptied.
    void keep(std::string_view key, std::shared_ptr<const Prepared> prepared);

private:
    /// Length and both ends: long prompts need not be read twice; equality still compares everything.
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view key) const noexcept;
    };
    std::unordered_map<std::string, std::shared_ptr<const Prepared>, Hash, std::equal_to<>> kept_;
    std::size_t bytes_ = 0;
};

} // namespace tollgate::simulator
