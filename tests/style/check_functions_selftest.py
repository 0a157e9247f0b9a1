#!/usr/bin/env python3
import unittest

from check_functions import CHECKS, count_parameters
from fixture import TreeTest

PATH = "src/base/a.cpp"


def function(lines: int, parameters: str = "") -> str:
    return f"int f({parameters}) {{\n" + "    g();\n" * (lines - 2) + "}\n"


class Functions(TreeTest):
    checks = CHECKS

    def test_sixty_lines_are_the_most(self):
        self.assert_clean("function-size", {PATH: function(60)})
        self.assert_found("function-size", {PATH: "\n" + function(61)}, f"{PATH}:2")

    def test_members_in_a_header_are_seen(self):
        text = "class A {\npublic:\n" + function(61) + "};\n"
        self.assert_found("function-size", {"src/base/a.hpp": text}, "src/base/a.hpp:3")

    def test_four_parameters_are_the_most(self):
        self.assert_clean("parameters", {PATH: function(3, "int a, int b, std::map<int, int> c, int d")})
        self.assert_found("parameters", {PATH: function(3, "int a, int b, int c, int d, int e")}, f"{PATH}:1")
        self.assert_found("parameters", {"src/base/a.hpp": "void f(int a, int b, int c, int d, int e);\n"}, "src/base/a.hpp:1")

    def test_parameters_are_counted_by_the_outer_commas(self):
        for signature, want in [("()", 0), ("(void)", 0), ("(int a)", 1), ("(std::map<int, int> a, int b = g(1, 2))", 2)]:
            self.assertEqual(want, count_parameters(signature), signature)


if __name__ == "__main__":
    unittest.main()
