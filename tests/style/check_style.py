#!/usr/bin/env python3
"""How the text of the sources looks (docs/contributing.md, "Style is a test"). One function per rule."""

import re
from typing import Iterable

import source_tree
from source_tree import Finding, Source, Tree

CPP = (".cpp", ".hpp")
OURS = ("src", "include")
WITH_TESTS = ("src", "include", "tests")


def _words(tree: Tree, folders: tuple[str, ...], pattern: str, rule: str, text: str) -> Iterable[Finding]:
    """A finding for each match of the pattern in code, comments and literals left out."""
    compiled = re.compile(pattern)
    for source in tree.select(folders, CPP):
        for match in compiled.finditer(source.code):
            yield source.finding(source.line_of(match.start()), rule, text.format(*match.groups(), word=match.group(0)))


def file_size(tree: Tree) -> Iterable[Finding]:
    for source in tree.select(WITH_TESTS, CPP):
        if len(source.lines) > 500:
            yield source.finding(500, "file-size", f"{len(source.lines)} lines; 500 is the most, 300 is usual")


def _lines_as_they_are(source: Source) -> set[int]:
    """Lines that a formatter leaves alone: literals that it cannot break, and tables between its off and on."""
    lines: set[int] = set()
    literals = (m for m in source_tree.LITERAL.finditer(source.text) if re.match(r'R|"[^\n]{40}', m.group(0)))
    tables = re.finditer(r"// clang-format off.*?(?:// clang-format on|\Z)", source.text, re.S)
    for match in (*literals, *tables):
        lines.update(range(source.line_of(match.start()), source.line_of(match.end()) + 1))
    return lines


def line_size(tree: Tree) -> Iterable[Finding]:
    for source in tree.select(WITH_TESTS, CPP):
        kept = _lines_as_they_are(source)
        for number, line in enumerate(source.lines, 1):
            if len(line) > 110 and number not in kept and "https://" not in line:
                yield source.finding(number, "line-size", f"{len(line)} columns; 110 is the most")


def header_form(tree: Tree) -> Iterable[Finding]:
    for source in tree.select(OURS, (".hpp",)):
        if not source.text.startswith("//"):
            yield source.finding(1, "header-form", "begin with a comment: what this is, who owns it, which thread")
        if not re.search(r"^#pragma once$", source.text, re.M):
            yield source.finding(1, "header-form", "has no #pragma once")


def unfinished(tree: Tree) -> Iterable[Finding]:
    pattern = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    suffixes = (*CPP, ".py", ".cmake", "CMakeLists.txt", ".md", ".js", ".ts", ".tsx", ".mjs", ".sh")
    for source in tree.select(("",), suffixes):
        if source.path.startswith("tests/style/"):
            continue
        for match in pattern.finditer(source.text):
            yield source.finding(source.line_of(match.start()), "unfinished", f"{match.group(0)}: finish it or leave it out")


def type_names(tree: Tree) -> Iterable[Finding]:
    declared = re.compile(r"\b(?:class|struct|enum(?: class)?|concept|using)\s+(?:\[\[\w+\]\]\s*)?([A-Za-z_]\w*)\s*(?:final\s*)?[:{=]")
    banned = re.compile(r"(?:Manager|Helper|Util|Context|Info|Wrapper|Impl)s?(?=[A-Z]|$)")
    for source in tree.select(WITH_TESTS, CPP):
        for match in declared.finditer(source.code):
            word = banned.search(match.group(1))
            if word:
                yield source.finding(source.line_of(match.start()), "type-names", f"{match.group(1)}: '{word.group(0)}' says nothing")


def function_names(tree: Tree) -> Iterable[Finding]:
    return _words(tree, OURS, r"(?<![\w.>:])(get_\w+)\s*\([^;{]*\)\s*(?:const\s*)?(?:noexcept\s*)?[;{]",
                  "function-names", "{0}: say find_, take_ or the noun alone")


def vocabulary(tree: Tree) -> Iterable[Finding]:
    pattern = re.compile(r"down" + r"stream", re.I)
    for source in tree.select(("",), (*CPP, ".md", ".yaml", ".sql", ".cmake", "CMakeLists.txt", ".mjs", ".ts", ".tsx")):
        for match in pattern.finditer(source.text):
            yield source.finding(source.line_of(match.start()), "vocabulary", "say client (who calls us) or upstream (whom we call)")


def _back_to_statement(code: str, at: int) -> tuple[int, bool]:
    """Start of the statement around an offset, and whether the offset is inside brackets of it."""
    depth = 0
    for index in range(at - 1, -1, -1):
        char = code[index]
        if char in ")]":
            depth += 1
        elif char in "([":
            if depth == 0:
                return index + 1, True
            depth -= 1
        elif char in ";{}" and depth == 0:
            return index + 1, False
    return 0, False


def _end_of_statement(code: str, at: int) -> int:
    depth = 0
    for index in range(at, len(code)):
        char = code[index]
        if char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
            if depth < 0:
                return index
        elif char == ";" and depth == 0:
            return index
    return len(code)


HEAD = re.compile(r"(?:else\b|case\b[^;]*?(?<!:):(?!:)|default\s*:|(?:if(?:\s+constexpr)?|for|while)\s*(?=\())\s*")


def _without_control_heads(prefix: str) -> str:
    """'if (a) else for (;;) x = ' → 'x ='."""
    prefix = prefix.strip()
    while match := HEAD.match(prefix):
        rest = prefix[match.end():]
        if rest.startswith("("):
            depth = 0
            for index, char in enumerate(rest):
                depth += (char == "(") - (char == ")")
                if depth == 0:
                    break
            rest = rest[index + 1:]
        prefix = rest.strip()
    return prefix


BEFORE = re.compile(r"(?:co_return|[\w:<>,\s*&.\-\[\]()]*[\w\])>*&]\s*=)?")
CALLEE = re.compile(r"[\w:.\s]|->")


def _await_fault(code: str, at: int) -> str | None:
    """Why this co_await is not a whole statement with a single call, or nothing."""
    start, nested = _back_to_statement(code, at)
    if nested:
        return "inside brackets of another expression: await on a line of its own"
    before = _without_control_heads(code[start:at])
    if re.match(r"(?:const\s+)?auto\s*&{0,2}\s*\[", before):
        return "behind a structured binding: name the result, then take it apart"
    if not BEFORE.fullmatch(before):
        return f"after '{before}': only `co_await f();`, `x = co_await f();`, `co_return co_await f();`"
    after = code[at + len("co_await"):_end_of_statement(code, at)]
    if not code.startswith(";", _end_of_statement(code, at)):
        return "the statement must end with the call"
    if "co_await" in after:
        return "twice in a statement"
    opening = after.find("(")
    if opening < 0 or not after[:opening].strip() or not after.rstrip().endswith(")"):
        return "what is awaited must be one call"
    depth = 0
    for index, char in enumerate(after):
        if depth == 0 and char not in "([<>)]" and not CALLEE.match(char) and after[index:index + 2] != "->":
            return f"'{char}' beside the call: await one call, compute on the next line"
        depth += (char in "([") - (char in ")]")
    if "{" in after:
        return "an aggregate or lambda is made in the arguments: build it on the line above"
    return None


def co_await(tree: Tree) -> Iterable[Finding]:
    for source in tree.select(WITH_TESTS, CPP):
        for match in re.finditer(r"\bco_await\b", source.code):
            fault = _await_fault(source.code, match.start())
            if fault:
                yield source.finding(source.line_of(match.start()), "co-await", fault)


def co_spawn(tree: Tree) -> Iterable[Finding]:
    simulator: set[str] = set()
    for source in tree.select(OURS, CPP):
        for match in re.finditer(r"\bco_spawn\s*[(<]", source.code):
            if source.path == "src/runtime/spawn.cpp":
                continue
            if source.path.startswith("src/simulator/"):
                simulator.add(source.path)
                if len(simulator) == 1:
                    continue
            yield source.finding(source.line_of(match.start()), "co-spawn", "only src/runtime/spawn.cpp calls it (and one file of src/simulator)")


def mutex(tree: Tree) -> Iterable[Finding]:
    return _words(tree, OURS, r"\bstd::((?:\w+_)?mutex|lock_guard|unique_lock|scoped_lock|shared_lock|condition_variable\w*|call_once)\b",
                  "mutex", "std::{0}: workers share nothing; a lock needs a line in tests/style/exceptions.txt")


def floating_point(tree: Tree) -> Iterable[Finding]:
    return _words(tree, OURS, r"\b(double|float|stod|stof|strtod)\b", "floating-point", "{0}: not in a gateway that counts money")


def bool_parameter(tree: Tree) -> Iterable[Finding]:
    """`f(int a, bool b)`; a bool among template arguments or as a result is fine."""
    pattern = re.compile(r"[(,]\s*(?:const\s+)?bool\s+(?:\w+\s*)?(?:=[^,)]*)?(?=[,)])")
    for source in tree.select(OURS, CPP):
        for match in pattern.finditer(source.code):
            yield source.finding(source.line_of(match.end() - 1), "bool-parameter", "a reader of the call sees only 'true': make it an enum class")


def clocks(tree: Tree) -> Iterable[Finding]:
    reads = re.compile(r"\w*[cC]lock\w*::now\s*\(|\bclock_gettime\s*\(|\bgettimeofday\s*\(|(?<![\w.>])(?:std::|::)?time\s*\(\s*(?:nullptr|NULL|0)\s*\)")
    for source in tree.select(OURS, CPP):
        if source.path.split("/")[1] in ("runtime", "app", "simulator") or "tollgate/runtime/" in source.path:
            continue
        for match in reads.finditer(source.code):
            yield source.finding(source.line_of(match.start()), "clocks", "time is a parameter named now; runtime and app read clocks")


def banned_words(tree: Tree) -> Iterable[Finding]:
    reasons = {
        r"\bshared_from_this\b|\benable_shared_from_this\b": "frames own: no object owns itself",
        r"\bstd::(?:basic_)?w?regex\w*\b": "no regular expressions",
        r"\bstd::locale\b|\bsetlocale\b": "no locales",
        r"\bsleep_for\b|\bsleep_until\b|\busleep\s*\(": "no sleeping",
    }
    for pattern, reason in reasons.items():
        yield from _words(tree, OURS, pattern, "banned-words", "{word}: " + reason)


CHECKS = {
    "file-size": file_size,
    "line-size": line_size,
    "header-form": header_form,
    "unfinished": unfinished,
    "type-names": type_names,
    "function-names": function_names,
    "vocabulary": vocabulary,
    "co-await": co_await,
    "co-spawn": co_spawn,
    "mutex": mutex,
    "floating-point": floating_point,
    "bool-parameter": bool_parameter,
    "clocks": clocks,
    "banned-words": banned_words,
}

if __name__ == "__main__":
    source_tree.main(CHECKS)
