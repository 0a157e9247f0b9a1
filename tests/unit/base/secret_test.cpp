#include "tollgate/base/secret.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <type_traits>
#include <utility>

namespace tollgate::base {

template <class T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };

static_assert(!Printable<Secret>);
static_assert(!std::is_convertible_v<Secret, std::string>);
static_assert(!std::is_convertible_v<std::string, Secret>);

TEST(Secret, GivesItsTextOnlyWhenAsked) {
    const Secret secret("sk-abc");
    EXPECT_EQ(secret.expose(), "sk-abc");
    EXPECT_FALSE(secret.empty());
    EXPECT_TRUE(Secret().empty());
}

TEST(Secret, ComparesByText) {
    EXPECT_EQ(Secret("same"), Secret("same"));
    EXPECT_FALSE(Secret("same") == Secret("samE"));
    EXPECT_FALSE(Secret("same") == Secret("same "));
    EXPECT_FALSE(Secret("same") == Secret());
    EXPECT_EQ(Secret(), Secret());
}

TEST(Secret, LeavesNothingBehindWhereItMovedFrom) {
    for (const std::string& text : {std::string("short"), std::string(100, 'x')}) {
        Secret from(text);
        Secret to(std::move(from));
        EXPECT_EQ(to.expose(), text);
        EXPECT_TRUE(from.empty()); // NOLINT(bugprone-use-after-move): what is left there is the point

        Secret assigned("before");
        assigned = std::move(to);
        EXPECT_EQ(assigned.expose(), text);
        EXPECT_TRUE(to.empty()); // NOLINT(bugprone-use-after-move): what is left there is the point
    }
}

TEST(Secret, SurvivesAssignmentToItself) {
    Secret secret("still here");
    Secret& same = secret;
    secret = std::move(same);
    EXPECT_EQ(secret.expose(), "still here");
    secret = same;
    EXPECT_EQ(secret.expose(), "still here");
}

TEST(Secret, CopiesAreIndependent) {
    Secret first("one");
    const Secret copy = first;
    first = Secret("two");
    EXPECT_EQ(copy.expose(), "one");
    EXPECT_EQ(first.expose(), "two");
}

} // namespace tollgate::base
