"""The checkout as the style checks see it: files, their code without comments and literals, findings.

A check is a function from a Tree to findings. A line may carry its own exception, with the reason, on the
line itself or the one above:      // style(RULE): why the rule makes this worse
A whole file or folder is excepted in tests/style/exceptions.txt:      RULE path reason
"""

import argparse
import functools
import os
import pathlib
import re
import sys
from typing import Callable, Iterable, NamedTuple

SKIPPED_FOLDERS = {"build", "data", "node_modules", ".git", "dist", "__pycache__", ".cache", "corpus"}
EXCEPTIONS_FILE = "tests/style/exceptions.txt"

LITERAL = re.compile(
    r'//[^\n]*|/\*.*?\*/'
    r'|R"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?:(?<![0-9a-zA-Z_])|(?<=\bu8)|(?<=\b[uUL]))'(?:\\.|[^'\\\n])+'",
    re.S,
)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.M)
LINE_EXCEPTION = re.compile(r"(?://|#|--|<!--)\s*style\(([\w-]+)\):\s*(\S.{9,})")


class Finding(NamedTuple):
    path: str
    line: int
    rule: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: [{self.rule}] {self.text}"


def _blank(match: re.Match) -> str:
    text = match.group(0)
    if text.startswith(("//", "/*")):
        return re.sub(r"[^\n]", " ", text)
    return text[0] + re.sub(r"[^\n]", " ", text[1:-1]) + text[-1]


def code_of(text: str) -> str:
    """The text with comments and the insides of literals blanked; offsets and lines stay the same."""
    return LITERAL.sub(_blank, text)


def without_comments(text: str) -> str:
    return LITERAL.sub(lambda m: _blank(m) if m.group(0).startswith(("//", "/*")) else m.group(0), text)


class Source:
    """One file, by its path relative to the root."""

    def __init__(self, root: pathlib.Path, path: str):
        self.path = path
        self.text = (root / path).read_text(encoding="utf-8", errors="replace")

    @functools.cached_property
    def code(self) -> str:
        return code_of(self.text)

    @functools.cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @functools.cached_property
    def includes(self) -> list[tuple[int, str, str]]:
        """(line, '<' or '"', what) of every include."""
        text = without_comments(self.text)
        return [(text.count("\n", 0, m.start(1)) + 1, m.group(1), m.group(2)) for m in INCLUDE.finditer(text)]

    def line_of(self, offset: int) -> int:
        return self.text.count("\n", 0, offset) + 1

    def finding(self, line: int, rule: str, text: str) -> Finding:
        return Finding(self.path, line, rule, text)


class Tree:
    def __init__(self, root: str | os.PathLike):
        self.root = pathlib.Path(root)
        self.paths = sorted(self._walk())
        self._sources: dict[str, Source] = {}
        self.exceptions: dict[tuple[str, str], int] = {}
        self.used_exceptions: set[tuple[str, str]] = set()
        self.malformed: list[Finding] = []
        self._read_exceptions()

    def _walk(self) -> Iterable[str]:
        for folder, folders, names in os.walk(self.root):
            folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS]
            for name in names:
                yield os.path.relpath(os.path.join(folder, name), self.root)

    def _read_exceptions(self) -> None:
        if EXCEPTIONS_FILE not in self.paths:
            return
        for number, line in enumerate(self.source(EXCEPTIONS_FILE).lines, 1):
            if not line.strip() or line.startswith("#"):
                continue
            words = line.split(None, 2)
            if len(words) < 3 or len(words[2]) < 10:
                self.malformed.append(Finding(EXCEPTIONS_FILE, number, "exception", "want: RULE path reason"))
                continue
            self.exceptions[(words[0], words[1])] = number

    def source(self, path: str) -> Source:
        if path not in self._sources:
            self._sources[path] = Source(self.root, path)
        return self._sources[path]

    def select(self, folders: tuple[str, ...], suffixes: tuple[str, ...]) -> list[Source]:
        """Sources below any of the folders ('' is everywhere) with any of the suffixes."""
        return [
            self.source(path)
            for path in self.paths
            if path.endswith(suffixes) and any(f == "" or path.startswith(f + "/") for f in folders)
        ]

    def keeps(self, finding: Finding) -> bool:
        """False if an exception covers the finding: of its line, its file, or a folder above ('src/app/')."""
        folders = finding.path.split("/")[:-1]
        above = ["/".join(folders[:depth]) + "/" for depth in range(1, len(folders) + 1)]
        covering = self.exceptions.keys() & {(finding.rule, path) for path in (finding.path, *above)}
        if covering:
            self.used_exceptions |= covering
            return False
        if finding.path not in self.paths:
            return True
        lines = self.source(finding.path).lines
        for index in (finding.line - 1, finding.line - 2):
            match = LINE_EXCEPTION.search(lines[index]) if 0 <= index < len(lines) else None
            if match and match.group(1) == finding.rule:
                return False
        return True


Check = Callable[[Tree], Iterable[Finding]]


def run(tree: Tree, checks: dict[str, Check]) -> list[Finding]:
    """Findings of all checks. An exception for a rule checked here that nothing needed is a finding too."""
    found = [finding for check in checks.values() for finding in check(tree)]
    kept = list(filter(tree.keeps, found))
    stale = [
        Finding(EXCEPTIONS_FILE, number, "exception", f"nothing in {path} needs the exception '{rule}'")
        for (rule, path), number in tree.exceptions.items()
        if rule in checks and (rule, path) not in tree.used_exceptions
    ]
    return sorted(set(kept + stale + tree.malformed))


def main(checks: dict[str, Check]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("root", nargs="?", default=pathlib.Path(__file__).resolve().parents[2])
    findings = run(Tree(parser.parse_args().root), checks)
    for finding in findings:
        print(finding)
    print(f"{len(checks)} rules, {len(findings)} findings")
    sys.exit(1 if findings else 0)
