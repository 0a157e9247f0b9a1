#include "tollgate/domain/email.hpp"

#include "domain/text.hpp"

#include <algorithm>

namespace tollgate::domain {

namespace {

std::string_view trim(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

bool is_sound(std::string_view email) {
    const auto at = email.find('@');
    if (at == std::string_view::npos || at == 0 || at + 1 == email.size()) return false;
    if (email.find('@', at + 1) != std::string_view::npos) return false;
    const auto is_odd = [](char c) {
        return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || std::string_view("\"<>,;\\").contains(c);
    };
    return std::ranges::none_of(email, is_odd) && count_characters(email).has_value();
}

} // namespace

base::Result<std::string> normalise_email(std::string_view text) {
    std::string email(trim(text));
    std::ranges::transform(email, email.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (email.size() <= max_email_length && is_sound(email)) return email;
    return base::reject(base::ErrorCode::invalid_field, "this is not an e-mail address", "email");
}

} // namespace tollgate::domain
