#include "storage/journal/files.hpp"

#include <array>
#include <charconv>
#include <cinttypes>
#include <cstdio>

namespace tollgate::storage::journal {

base::Result<void> write_all(SegmentFile& file, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = file.write(bytes);
        if (!written) return base::fail(written.error());
        bytes.remove_prefix(*written);
    }
    return {};
}

std::string file_name(std::uint64_t number, std::string_view suffix) {
    std::array<char, 32> digits{};
    std::snprintf(digits.data(), digits.size(), "%012" PRIu64, number);
    return std::string(digits.data()) + std::string(suffix);
}

std::optional<std::uint64_t> number_of(std::string_view name, std::string_view suffix) {
    if (!name.ends_with(suffix)) return std::nullopt;
    name.remove_suffix(suffix.size());
    std::uint64_t number = 0;
    const auto [end, fault] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (fault != std::errc{} || end != name.data() + name.size()) return std::nullopt;
    return number;
}

} // namespace tollgate::storage::journal
