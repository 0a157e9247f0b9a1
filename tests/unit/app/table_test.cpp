#include "app/table.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace tollgate::app {

TEST(Table, AlignsColumnsByCharactersAndLeavesNothingBehindTheLast) {
    Table table({"A", "LONG", "C"});
    table.add({"12345", "x", ""});
    table.add({"Zoë", "", "end"});
    std::ostringstream out;
    table.print(out);
    EXPECT_EQ(out.str(), "A      LONG  C\n"
                         "12345  x\n"
                         "Zoë          end\n");
}

TEST(Table, IsEmptyWithItsHeaderAlone) {
    Table table({"A"});
    EXPECT_TRUE(table.empty());
    table.add({"1"});
    EXPECT_FALSE(table.empty());
}

TEST(Table, StoredTextCannotSteerTheTerminal) {
    EXPECT_EQ(printable("a\x1b[2Jb\n\x7f"), "a?[2Jb??");
    EXPECT_EQ(printable("Zoë"), "Zoë");
}

TEST(Table, FieldsHaveTheirValuesInOneColumn) {
    std::ostringstream out;
    print_fields(out, {{"id", "1"}, {"longer", "2"}});
    EXPECT_EQ(out.str(), "id:      1\nlonger:  2\n");
}

} // namespace tollgate::app
