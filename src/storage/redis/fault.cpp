#include "storage/redis/fault.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace tollgate::storage::redis {

namespace {

using Word = std::pair<std::string_view, Fault>;

constexpr std::array words = {
    Word{"NOSCRIPT", Fault::no_script}, Word{"LOADING", Fault::down},      Word{"MASTERDOWN", Fault::down},
    Word{"CLUSTERDOWN", Fault::down},   Word{"BUSY", Fault::down},         Word{"OOM", Fault::sick},
    Word{"MISCONF", Fault::sick},       Word{"NOREPLICAS", Fault::sick},   Word{"READONLY", Fault::demoted},
    Word{"NOAUTH", Fault::refused},     Word{"WRONGPASS", Fault::refused}, Word{"NOPERM", Fault::refused},
    Word{"MOVED", Fault::moved},        Word{"ASK", Fault::moved},
};

template <class Number>
bool read(std::string_view text, Number& number) {
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    return fault == std::errc{} && end == text.data() + text.size();
}

std::string_view first_word(std::string_view text) {
    return text.substr(0, text.find(' '));
}

} // namespace

Fault judge(std::string_view error) {
    const std::string_view word = first_word(error);
    for (const auto& [name, fault] : words) {
        if (word == name) return fault;
    }
    // "ERR invalid password", "ERR Client sent AUTH…", and what a script's command was refused with.
    if (error.find("invalid password") != std::string_view::npos ||
        error.find("sent AUTH") != std::string_view::npos ||
        error.find("AUTH <password> called") != std::string_view::npos)
        return Fault::refused;
    for (const auto& [name, fault] : words) {
        if (fault != Fault::moved &&
            error.find(std::string("-") + std::string(name) + " ") != std::string_view::npos)
            return fault;
    }
    return Fault::other;
}

std::optional<Redirection> find_redirection(std::string_view error) {
    Redirection result;
    const std::string_view word = first_word(error);
    result.is_lasting = word == "MOVED";
    if (!result.is_lasting && word != "ASK") return std::nullopt;
    error.remove_prefix(std::min(word.size() + 1, error.size()));
    const auto space = error.find(' ');
    if (space == std::string_view::npos || !read(error.substr(0, space), result.slot)) return std::nullopt;
    error.remove_prefix(space + 1);
    const auto colon = error.rfind(':');
    if (colon == std::string_view::npos || !read(error.substr(colon + 1), result.port)) return std::nullopt;
    result.host = error.substr(0, colon);
    return result;
}

} // namespace tollgate::storage::redis
