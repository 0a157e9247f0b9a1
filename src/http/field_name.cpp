#include "tollgate/http/field_name.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>

namespace tollgate::http {

namespace {

// In the order of FieldName.
constexpr std::array<std::string_view, 28> known_names{
    "",
    "accept",
    "accept-language",
    "anthropic-beta",
    "anthropic-version",
    "api-key",
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "expect",
    "host",
    "idempotency-key",
    "openai-beta",
    "openai-processing-ms",
    "openai-version",
    "retry-after",
    "retry-after-ms",
    "traceparent",
    "tracestate",
    "transfer-encoding",
    "user-agent",
    "x-api-key",
    "x-forwarded-for",
    "x-goog-api-key",
    "x-request-id",
    "x-should-retry",
};

constexpr std::size_t shortest = 4;
constexpr std::size_t longest = 24;
static_assert(std::ranges::all_of(known_names, [](std::string_view name) {
    return name.empty() || (name.size() >= shortest && name.size() <= longest);
}));

template <class Word>
constexpr Word load(const char* at) {
    std::array<char, sizeof(Word)> bytes{};
    std::copy_n(at, bytes.size(), bytes.begin());
    return std::bit_cast<Word>(bytes);
}

/// All bytes of a name of a length in between, some of them twice.
struct Letters {
    std::uint64_t front = 0;
    std::uint64_t middle = 0;
    std::uint64_t back = 0;

    constexpr Letters operator|(const Letters& other) const {
        return {.front = front | other.front, .middle = middle | other.middle, .back = back | other.back};
    }
    friend constexpr bool operator==(const Letters&, const Letters&) = default;
};

constexpr Letters letters_of(std::string_view name) {
    const char* const end = name.data() + name.size();
    if (name.size() < 8)
        return {.front = load<std::uint32_t>(name.data()), .back = load<std::uint32_t>(end - 4)};
    Letters letters{.front = load<std::uint64_t>(name.data()), .back = load<std::uint64_t>(end - 8)};
    if (name.size() > 16) letters.middle = load<std::uint64_t>(name.data() + 8);
    return letters;
}

/// The bit that makes a letter small, where there is a letter.
constexpr Letters case_bits_of(std::string_view name) {
    std::array<char, longest> bits{};
    std::ranges::transform(name, bits.begin(),
                           [](char byte) { return byte >= 'a' && byte <= 'z' ? '\x20' : '\0'; });
    return letters_of({bits.data(), name.size()});
}

constexpr std::size_t places = 128;

/// A place in the table below. Bits that differ with the case of letters do not matter.
constexpr std::size_t place_of(const Letters& letters, std::uint64_t factor) {
    constexpr std::uint64_t small = 0x2020202020202020;
    const std::uint64_t mixed = (letters.front | small) + std::rotl(letters.back | small, 13);
    return static_cast<std::size_t>(mixed * factor >> 57);
}

struct Table {
    struct Entry {
        std::size_t size = 0;
        Letters letters{};
        Letters case_bits{};
    };
    std::uint64_t factor = 0;
    std::array<std::uint8_t, places> numbers{}; // of the name that belongs to a place, 0 for none
    std::array<Entry, known_names.size()> entries{};
};

constexpr bool fill_places(Table& table) {
    table.numbers = {};
    for (std::size_t number = 1; number < known_names.size(); ++number) {
        std::uint8_t& taken = table.numbers[place_of(table.entries[number].letters, table.factor)];
        if (taken != 0) return false;
        taken = static_cast<std::uint8_t>(number);
    }
    return true;
}

/// With a factor that gives every name a place of its own.
constexpr Table make_table() {
    Table table;
    for (std::size_t number = 1; number < known_names.size(); ++number) {
        const std::string_view name = known_names[number];
        table.entries[number] = {name.size(), letters_of(name), case_bits_of(name)};
    }
    do {
        table.factor = table.factor * 6364136223846793005U + 1442695040888963407U;
    } while (!fill_places(table));
    return table;
}

constexpr Table table = make_table();

} // namespace

FieldName field_name_of(std::string_view name) {
    if (name.size() < shortest || name.size() > longest) return FieldName::other;
    const Letters letters = letters_of(name);
    const std::uint8_t number = table.numbers[place_of(letters, table.factor)];
    const Table::Entry& entry = table.entries[number];
    const bool is_same = entry.size == name.size() && (letters | entry.case_bits) == entry.letters;
    return is_same ? static_cast<FieldName>(number) : FieldName::other;
}

} // namespace tollgate::http
