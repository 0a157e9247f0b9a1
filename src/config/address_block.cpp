#include "config/values.hpp"

#include <arpa/inet.h>
#include <array>
#include <string>

namespace tollgate::config {

Complaint check_address_block(std::string_view text) {
    const auto slash = text.find('/');
    const std::string address(text.substr(0, slash));
    std::array<unsigned char, 16> bytes{};
    std::uint32_t width = 0;
    if (!address.contains('\0')) { // inet_pton would stop there
        if (inet_pton(AF_INET, address.c_str(), bytes.data()) == 1) width = 32;
        if (inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1) width = 128;
    }
    if (width == 0) return "is not an IP address or a block such as 10.0.0.0/8";
    if (slash == std::string_view::npos) return std::nullopt;
    std::uint32_t bits = 0;
    if (read_value(text.substr(slash + 1), bits) || bits > width) {
        return "needs 0 to " + std::to_string(width) + " bits behind the slash";
    }
    return std::nullopt;
}

} // namespace tollgate::config
