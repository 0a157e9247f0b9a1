#!/usr/bin/env python3
"""What the checks stand on: reading code without comments and literals, and exceptions."""

import unittest

from fixture import TreeTest
from source_tree import Finding, code_of


def complain(tree):
    for source in tree.select(("src",), (".cpp",)):
        for number, line in enumerate(source.lines, 1):
            if "bad" in line:
                yield Finding(source.path, number, "demo", "bad")


class Code(unittest.TestCase):
    def test_blanks_comments_and_the_insides_of_literals_and_keeps_offsets(self):
        for text, want in [
            ("a // b\nc", "a     \nc"),
            ("a /* b\nc */ d", "a     \n     d"),
            ('f("x // y", 2)', 'f("      ", 2)'),
            (r'f("\"", b)', 'f("  ", b)'),
            ("n = 1'000'000; c = 'x';", "n = 1'000'000; c = ' ';"),
            ('r = R"(a " b)" + s', 'r = R        " + s'),
        ]:
            with self.subTest(text=text):
                self.assertEqual(len(text), len(code_of(text)))
                self.assertEqual(want, code_of(text))


class Exceptions(TreeTest):
    checks = {"demo": complain}

    def test_a_finding_names_file_and_line(self):
        self.assert_found("demo", {"src/a.cpp": "good\nbad\n"}, "src/a.cpp:2")

    def test_a_line_is_excepted_with_a_reason_on_it_or_above(self):
        self.assert_clean("demo", {"src/a.cpp": "bad // style(demo): because it is a test\n"})
        self.assert_clean("demo", {"src/a.cpp": "// style(demo): because it is a test\nbad\n"})

    def test_an_exception_without_reason_or_for_another_rule_does_not_count(self):
        self.assert_found("demo", {"src/a.cpp": "bad // style(demo):\n"}, "src/a.cpp:1")
        self.assert_found("demo", {"src/a.cpp": "bad // style(other): because it is a test\n"}, "src/a.cpp:1")

    def test_a_file_is_excepted_in_the_list(self):
        listed = "# comment\ndemo src/a.cpp because it is a test\n"
        self.assert_clean("demo", {"src/a.cpp": "bad\n", "tests/style/exceptions.txt": listed})

    def test_a_folder_is_excepted_in_the_list(self):
        listed = {"tests/style/exceptions.txt": "demo src/a/ because it is a test\n"}
        self.assert_clean("demo", {"src/a/b/c.cpp": "bad\n", **listed})
        self.assert_found("demo", {"src/a/c.cpp": "bad\n", "src/ab.cpp": "bad\n", **listed}, "src/ab.cpp:1")

    def test_an_exception_that_nothing_needs_is_found(self):
        found = self.findings("demo", {"src/a.cpp": "good\n", "tests/style/exceptions.txt": "demo src/a.cpp because it is a test\n"})
        self.assertEqual(["tests/style/exceptions.txt:1"], [f"{f.path}:{f.line}" for f in found])

    def test_an_exception_without_reason_is_found(self):
        found = self.findings("demo", {"tests/style/exceptions.txt": "demo src/a.cpp\n"})
        self.assertEqual(["exception"], [f.rule for f in found])


if __name__ == "__main__":
    unittest.main()
