#!/usr/bin/env python3
"""Length and parameters of functions, as universal-ctags sees them: at most 60 lines, at most 4 parameters."""

import json
import shutil
import subprocess
from typing import Iterable, NamedTuple

import source_tree
from source_tree import Finding, Tree

MOST_LINES = 60
MOST_PARAMETERS = 4


class Function(NamedTuple):
    path: str
    name: str
    line: int
    lines: int
    parameters: int


def count_parameters(signature: str) -> int:
    """'(int a, std::map<int, int> b = {1, 2})' → 2."""
    inside = signature[signature.find("(") + 1:signature.rfind(")")].strip()
    if not inside or inside == "void":
        return 0
    depth, count = 0, 1
    for char in inside:
        depth += (char in "(<[{") - (char in ")>]}")
        count += char == "," and depth == 0
    return count


def functions(tree: Tree) -> list[Function]:
    paths = [source.path for source in tree.select(("src", "include"), (".cpp", ".hpp"))]
    if not paths:
        return []
    command = ["ctags", "--output-format=json", "--fields=+neS", "--kinds-C++=fp", "--language-force=C++", "-f", "-", *paths]
    printed = subprocess.run(command, cwd=tree.root, capture_output=True, text=True, check=True).stdout
    result = []
    for line in printed.splitlines():
        tag = json.loads(line)
        first, last = tag["line"], tag.get("end", tag["line"])
        result.append(Function(tag["path"], tag["name"], first, last - first + 1, count_parameters(tag.get("signature", "()"))))
    return result


def function_size(tree: Tree) -> Iterable[Finding]:
    for function in functions(tree):
        if function.lines > MOST_LINES:
            text = f"{function.name} has {function.lines} lines; {MOST_LINES} is the most, 30 is usual"
            yield Finding(function.path, function.line, "function-size", text)


def parameters(tree: Tree) -> Iterable[Finding]:
    for function in functions(tree):
        if function.parameters > MOST_PARAMETERS:
            text = f"{function.name} takes {function.parameters}; {MOST_PARAMETERS} is the most: make it a struct or an object"
            yield Finding(function.path, function.line, "parameters", text)


CHECKS = {"function-size": function_size, "parameters": parameters}

if __name__ == "__main__":
    if not shutil.which("ctags"):
        raise SystemExit("check_functions.py needs universal-ctags (scripts/install --for test)")
    source_tree.main(CHECKS)
