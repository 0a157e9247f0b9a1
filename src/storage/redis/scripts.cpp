#include "storage/redis/scripts.hpp"

#include "tollgate/base/check.hpp"

#include <algorithm>

namespace tollgate::storage::redis {

namespace {

constexpr std::string_view include_word = "--include ";

std::string_view trim(std::string_view line) {
    const auto begin = line.find_first_not_of(' ');
    return begin == std::string_view::npos ? std::string_view() : line.substr(begin);
}

} // namespace

std::string script_text(std::string_view name) {
    const auto scripts = known_scripts();
    const auto found = std::ranges::find(scripts, name, &ScriptText::name);
    TG_CHECK(found != scripts.end());
    std::string text;
    std::string_view rest = found->text;
    while (!rest.empty()) {
        const auto end = rest.find('\n');
        const std::string_view line = trim(rest.substr(0, end));
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        if (line.starts_with(include_word)) {
            text += script_text(line.substr(include_word.size()));
        } else if (!line.empty() && !line.starts_with("--")) {
            text += line;
            text += '\n';
        }
    }
    return text;
}

std::vector<const Script*> QuotaScripts::all() const {
    return {&turn, &extend, &open, &warm, &confirm, &restore, &learn, &mark, &fill};
}

const QuotaScripts& quota_scripts() {
    static const QuotaScripts scripts;
    return scripts;
}

} // namespace tollgate::storage::redis
