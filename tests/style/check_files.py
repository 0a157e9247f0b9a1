#!/usr/bin/env python3
"""Whether every file is where a reader looks for it, and is used at all.

mirror        src/<layer>/x.cpp is tested by tests/unit/<layer>/x_test.cpp, or a test of another name includes its header
dead-file     a header that nothing includes; a source in no folder that CMake reads; a page that no page links to
folders       docs/architecture.md has a paragraph for every folder of src/
links         relative links in Markdown lead to a file, and their anchors to a heading
"""

import os
import re
from typing import Iterable

import source_tree
from source_tree import Finding, Source, Tree

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.M | re.S)


def mirror(tree: Tree) -> Iterable[Finding]:
    named = {what for test in tree.select(("tests",), (".cpp", ".hpp")) for _, _, what in test.includes}
    for source in tree.select(("src",), (".cpp",)):
        folder, _, name = source.path.removeprefix("src/").rpartition("/")
        stem = name.removesuffix(".cpp")
        if folder in ("", "third_party") or stem == "main":
            continue
        test = f"tests/unit/{folder.replace('/', '_')}/{stem}_test.cpp"
        headers = {f"{folder}/{stem}.hpp", f"tollgate/{folder}/{stem}.hpp", f"tollgate/{folder.split('/')[0]}/{stem}.hpp"}
        if test not in tree.paths and not headers & named:
            yield source.finding(1, "mirror", f"has no {test}, and no test includes its header")


def _up_to_src(folder: str) -> Iterable[str]:
    while folder not in ("", "src"):
        yield folder
        folder = os.path.dirname(folder)


def _cmake_reads(folder: str, tree: Tree) -> bool:
    """A layer's folder, or one at or below a CMakeLists.txt."""
    table = tree.source("src/CMakeLists.txt").text if "src/CMakeLists.txt" in tree.paths else ""
    name = folder.removeprefix("src/")
    return (
        any(f"{above}/CMakeLists.txt" in tree.paths for above in _up_to_src(folder))
        or re.search(rf"(?:tollgate_layer\(|FOLDER ){re.escape(name)}[\s)]", table) is not None
        or name == "third_party"
    )


def dead_file(tree: Tree) -> Iterable[Finding]:
    everything = tree.select(("src", "include", "tests"), (".cpp", ".hpp"))
    included = {what for source in everything for _, _, what in source.includes}
    built_by_hand = " ".join(s.text for s in tree.select(("scripts/cmake", "src", "tests"), ("CMakeLists.txt", ".cmake")))
    for source in everything:
        if source.path.endswith(".hpp"):
            names = {source.path.removeprefix(f"{folder}/") for folder in ("include", "src", "tests")}
            names.add(os.path.basename(source.path))
            if not names & included and source.path not in built_by_hand:
                yield source.finding(1, "dead-file", "nothing includes this header")
        elif source.path.startswith("src/") and not _cmake_reads(os.path.dirname(source.path), tree):
            yield source.finding(1, "dead-file", "CMake does not read this folder")
    pages = tree.select(("docs",), (".md",))
    linked = {target for source in tree.select(("",), (".md",)) for _, target, _ in _links(source)}
    for source in pages:
        if source.path not in linked:
            yield source.finding(1, "dead-file", "no page links to this one")


def folders(tree: Tree) -> Iterable[Finding]:
    page = "docs/architecture.md"
    named = set(re.findall(r"`(?:src/)?([\w/]+?)/?`", tree.source(page).text)) if page in tree.paths else set()
    for folder in sorted({os.path.dirname(source.path) for source in tree.select(("src",), (".cpp", ".hpp"))}):
        name = folder.removeprefix("src/")
        if folder != "src" and name not in named:
            yield Finding(page, 1, "folders", f"does not name `{name}`")


def _prose(source: Source) -> str:
    """The page without its code blocks and spans; offsets stay."""
    blank = lambda match: re.sub(r"[^\n]", " ", match.group(0))
    return re.sub(r"`[^`\n]*`", blank, FENCE.sub(blank, source.text))


def _links(source: Source) -> Iterable[tuple[int, str, str]]:
    """(line, path from the root, anchor) of every relative link."""
    for match in LINK.finditer(_prose(source)):
        target = match.group(1)
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        folder = os.path.dirname(source.path)
        yield source.line_of(match.start()), os.path.normpath(os.path.join(folder, path)) if path else source.path, anchor


def _anchors(source: Source) -> set[str]:
    """The anchors that GitHub makes of a page's headings."""
    headings = re.findall(r"^#{1,6}\s+(.+?)\s*$", FENCE.sub("", source.text), re.M)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in plain}


def links(tree: Tree) -> Iterable[Finding]:
    for source in tree.select(("",), (".md",)):
        for line, path, anchor in _links(source):
            if not (tree.root / path).exists():
                yield source.finding(line, "links", f"{path} does not exist")
            elif anchor and path.endswith(".md") and anchor not in _anchors(tree.source(path)):
                yield source.finding(line, "links", f"{path} has no heading for #{anchor}")


CHECKS = {"mirror": mirror, "dead-file": dead_file, "folders": folders, "links": links}

if __name__ == "__main__":
    source_tree.main(CHECKS)
