#include "tollgate/domain/call.hpp"

#include "tollgate/base/check.hpp"

#include <algorithm>
#include <utility>

namespace tollgate::domain {

namespace {

/// By place; an insertion goes before a replacement there, insertions stay in the order given. An insertion
/// sort, since there are a handful and libstdc++ 12's stable_sort does not compile without warnings.
void sort_in_place(std::vector<Splice>& splices) {
    const auto stands_before = [](const Splice& left, const Splice& right) {
        return std::pair(left.at.offset, left.at.length) < std::pair(right.at.offset, right.at.length);
    };
    for (auto next = splices.begin(); next != splices.end(); ++next) {
        std::rotate(std::upper_bound(splices.begin(), next, *next, stands_before), next, next + 1);
    }
}

} // namespace

std::string_view to_string(Endpoint endpoint) {
    switch (endpoint) {
    case Endpoint::chat_completions: return "chat.completions";
    case Endpoint::completions: return "completions";
    case Endpoint::embeddings: return "embeddings";
    }
    return "chat.completions";
}

std::string_view path_of(Endpoint endpoint) {
    switch (endpoint) {
    case Endpoint::chat_completions: return "/chat/completions";
    case Endpoint::completions: return "/completions";
    case Endpoint::embeddings: return "/embeddings";
    }
    return "/chat/completions";
}

std::string apply_splices(std::string_view body, std::vector<Splice> splices) {
    sort_in_place(splices);
    std::size_t size = body.size();
    for (const Splice& splice : splices) size += splice.text.size();

    std::string edited;
    edited.reserve(size);
    std::size_t done = 0;
    for (const Splice& splice : splices) {
        TG_CHECK(splice.at.offset >= done && splice.at.offset <= body.size());
        TG_CHECK(splice.at.length <= body.size() - splice.at.offset);
        edited.append(body.substr(done, splice.at.offset - done));
        edited.append(splice.text);
        done = splice.at.offset + splice.at.length;
    }
    edited.append(body.substr(done));
    return edited;
}

} // namespace tollgate::domain
