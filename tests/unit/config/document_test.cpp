#include "config/document.hpp"

#include <gtest/gtest.h>

namespace tollgate::config {

namespace {

std::string repeat(std::string_view text, std::size_t times) {
    std::string result;
    for (std::size_t i = 0; i < times; ++i) result += text;
    return result;
}

} // namespace

TEST(Document, KeepsLinesAndTextAsWritten) {
    const auto root = parse_document("a: 0x10\nb:\n  - 'q ${X}'\n  - ~\n");
    ASSERT_TRUE(root.has_value());
    ASSERT_EQ(root->kind, Node::Kind::map);
    EXPECT_EQ(root->find("a")->text, "0x10");
    const Node* list = root->find("b");
    ASSERT_EQ(list->items.size(), 2U);
    EXPECT_EQ(list->items[0].text, "q ${X}");
    EXPECT_EQ(list->items[0].line, 3);
    EXPECT_EQ(list->items[1].kind, Node::Kind::null);
    EXPECT_EQ(root->find("c"), nullptr);
}

TEST(Document, SaysWhereTheYamlIsBroken) {
    const auto root = parse_document("a: 1\nb: [1, 2\nc: 3\n");
    ASSERT_FALSE(root.has_value());
    EXPECT_GE(root.error().line, 2);
    EXPECT_TRUE(root.error().message.starts_with("not valid YAML: "));
}

TEST(Document, RefusesBrokenOrUnboundedInput) {
    for (const std::string& text :
         {std::string("a: *none"), std::string("a: &x [*x]"), std::string("? [1]\n: 2"),
          std::string("a: 1\n---\nb: 2"), std::string("\t- x"), std::string("a: 'open"),
          std::string("a: \"\\q\""), std::string("@"), repeat("[", 600), repeat("[", 100) + repeat("]", 100),
          repeat("{a: ", 100'000), repeat("- ", 100'000), "a: " + std::string(max_file_bytes, 'x'),
          "[" + repeat("1,", max_nodes) + "1]"}) {
        EXPECT_FALSE(parse_document(text).has_value()) << text.substr(0, 80);
    }
}

TEST(Document, BoundsTheExpansionOfAliases) {
    std::string laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 9; ++i) {
        const auto one = "*a" + std::to_string(i - 1);
        laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + one;
        for (int j = 1; j < 10; ++j) laughs += ", " + one;
        laughs += "]\n";
    }
    const auto root = parse_document(laughs);
    ASSERT_FALSE(root.has_value());
    EXPECT_NE(root.error().message.find("too many values"), std::string::npos);
}

TEST(Document, IsNullWhenNothingIsThere) {
    for (const std::string_view text : {"", "\n\n", "# only a comment", "---\n", "~"}) {
        const auto root = parse_document(text);
        ASSERT_TRUE(root.has_value()) << text;
        EXPECT_EQ(root->kind, Node::Kind::null) << text;
    }
}

} // namespace tollgate::config
