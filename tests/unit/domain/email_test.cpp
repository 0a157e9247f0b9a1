#include "tollgate/domain/email.hpp"

#include <gtest/gtest.h>

namespace tollgate::domain {

TEST(Email, HasOneFormWhateverTheCaseAndTheBlanksAround) {
    for (const char* text : {"me@example.org", "  Me@Example.ORG\n", "ME@EXAMPLE.ORG"}) {
        EXPECT_EQ(normalise_email(text), "me@example.org") << text;
    }
    EXPECT_EQ(normalise_email("zoë+tag@example.org"), "zoë+tag@example.org");
}

TEST(Email, RefusesWhatIsNone) {
    const std::string long_one = std::string(250, 'a') + "@example.org";
    for (const std::string& text :
         {std::string(), std::string("me"), std::string("@example.org"), std::string("me@"),
          std::string("a@b@c"), std::string("a b@example.org"), std::string("a@exa mple.org"),
          std::string("a\nb@example.org"), std::string("<a@example.org>"), std::string("a;b@example.org"),
          std::string("a\0b@example.org", 15), std::string("\xff@example.org"), long_one}) {
        const auto email = normalise_email(text);
        ASSERT_FALSE(email.has_value()) << text;
        EXPECT_EQ(email.error().code, base::ErrorCode::invalid_field);
        EXPECT_EQ(email.error().param, "email");
    }
}

} // namespace tollgate::domain
