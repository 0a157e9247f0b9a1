"""A throw-away tree for the self-tests: given files, which rules find what."""

import pathlib
import tempfile
import unittest

from source_tree import Check, Finding, Tree, run


class TreeTest(unittest.TestCase):
    checks: dict[str, Check] = {}

    def findings(self, rule: str, files: dict[str, str]) -> list[Finding]:
        with tempfile.TemporaryDirectory() as folder:
            for path, text in files.items():
                target = pathlib.Path(folder, path)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, encoding="utf-8")
            return run(Tree(folder), {rule: self.checks[rule]})

    def assert_clean(self, rule: str, files: dict[str, str]) -> None:
        self.assertEqual([], [str(finding) for finding in self.findings(rule, files)])

    def assert_found(self, rule: str, files: dict[str, str], *where: str) -> None:
        """Exactly these places, each as 'path:line', are reported under the rule."""
        found = self.findings(rule, files)
        self.assertEqual(sorted(where), sorted(f"{finding.path}:{finding.line}" for finding in found))
        self.assertEqual({rule}, {finding.rule for finding in found})

    def assert_each_found(self, rule: str, path: str, texts: list[str]) -> None:
        for text in texts:
            with self.subTest(text=text):
                self.assert_found(rule, {path: text}, f"{path}:1")

    def assert_each_clean(self, rule: str, path: str, texts: list[str]) -> None:
        for text in texts:
            with self.subTest(text=text):
                self.assert_clean(rule, {path: text})
