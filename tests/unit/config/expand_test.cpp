#include "config/expand.hpp"
#include "unit/config/settings.hpp"

#include <gtest/gtest.h>

namespace tollgate::config {

namespace {

const Environment& sample() {
    static const Environment environment =
        testing::environment_of({{"A", "one"}, {"B", "two"}, {"EMPTY", ""}, {"REF", "${A}"}},
                                {{"/s", "secret\n"}, {"/crlf", "x\r\n"}, {"/two", "x\n\n"}, {"/one", "1"}});
    return environment;
}

} // namespace

TEST(Expand, ReplacesReferencesAnywhereInTheText) {
    struct Row {
        std::string_view text;
        std::string_view expected;
    };
    for (const Row& row : {
             Row{"", ""},
             Row{"plain $A {A} $", "plain $A {A} $"},
             Row{"${A}", "one"},
             Row{"x${A}y${B}z", "xoneytwoz"},
             Row{"${EMPTY}", ""},
             Row{"${EMPTY:-d}", "d"},
             Row{"${NONE:-d}", "d"},
             Row{"${NONE:-}", ""},
             Row{"${NONE:-a:-b}", "a:-b"},
             Row{"${A:-d}", "one"},
             Row{"${NONE:-${B}}", "two"},
             Row{"${NONE:-${NONE:-${A}/x}}", "one/x"},
             Row{"${REF}", "${A}"},
             Row{"$${A}", "${A}"},
             Row{"a$${b${A}", "a${bone"},
             Row{"${file:/s}", "secret"},
             Row{"${file:/crlf}", "x"},
             Row{"${file:/two}", "x\n"},
             Row{"${file:/${NONE:-s}}", "secret"},
         }) {
        const auto result = expand(row.text, sample());
        ASSERT_TRUE(result.has_value()) << row.text << ": " << result.error();
        EXPECT_EQ(*result, row.expected) << row.text;
    }
}

TEST(Expand, RefusesWhatCannotBeReplaced) {
    for (const std::string_view text :
         {"${NONE}", "${", "${A", "${}", "${:-x}", "${1A}", "${A B}", "${A-x}", "${A:-${B}", "${file:/none}",
          "${file:}", "${NONE:-${NONE}}", "${N:-${N:-${N:-${N:-${N:-x}}}}}"}) {
        EXPECT_FALSE(expand(text, sample()).has_value()) << text;
    }
}

TEST(Expand, BoundsTheResult) {
    const auto environment = testing::environment_of({{"BIG", std::string(40'000, 'x')}});
    EXPECT_TRUE(expand("${BIG}", environment).has_value());
    EXPECT_FALSE(expand("${BIG}${BIG}", environment).has_value());
}

} // namespace tollgate::config
