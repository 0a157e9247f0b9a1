#!/usr/bin/env python3
"""Who may include whom. The table is src/CMakeLists.txt itself: the DEPENDS of every tollgate_layer().

layers        a file includes only its own layer and what its layer DEPENDS on
siblings      server, dashboard, gateway and the storage engines never depend on each other; no cycles
placement     R1: a header is in include/tollgate/<layer>/ if and only if another layer includes it
third-party   each library only where this file says, and no driver's types in a public header
"""

import re
from typing import Iterable, NamedTuple

import source_tree
from source_tree import Finding, Source, Tree

TABLE = "src/CMakeLists.txt"
CALL = re.compile(r"tollgate_layer\(([^)]*)\)")
SIBLINGS = {"server", "dashboard", "gateway", "storage_memory", "storage_sqlite", "storage_postgres", "storage_redis"}
PROGRAMS = {"app", "simulator"}  # they may include every layer; nothing includes them

# A library's headers, and the folders of src (and include/tollgate) that may include them.
THIRD_PARTY = {
    r"spdlog/": {"telemetry"},
    r"yaml-cpp/": {"config"},
    r"SQLiteCpp/|sqlite3\.h": {"storage/sqlite"},
    r"pqxx/|libpq-fe\.h": {"storage/postgres"},
    r"hiredis/": {"storage/redis"},
    r"CLI/": {"app", "simulator"},
    r"argon2\.h": {"base"},
    r"simdjson": {"http", "gateway", "upstream"},
    r"boost/beast": {"simulator"},
    r"boost/asio": {"runtime", "http", "upstream", "gateway", "server", "dashboard", "storage/redis", "app", "simulator"},
}
DRIVERS = re.compile(r"spdlog/|fmt/|yaml-cpp/|SQLiteCpp/|sqlite3|pqxx/|libpq-fe|hiredis/|CLI/|argon2|simdjson|nlohmann/|boost/beast|openssl/")


class Layer(NamedTuple):
    folder: str
    depends: frozenset[str]
    line: int


def read_table(tree: Tree) -> dict[str, Layer]:
    """Layer name → folder below src and what it may include."""
    table: dict[str, Layer] = {}
    if TABLE in tree.paths:
        source = tree.source(TABLE)
        text = re.sub(r"#[^\n]*", lambda m: " " * len(m.group(0)), source.text)
        for match in CALL.finditer(text):
            name, *words = match.group(1).split()
            parts: dict[str, list[str]] = {}
            for word in words:
                if word in ("FOLDER", "DEPENDS", "PRIVATE", "PUBLIC"):
                    section = parts.setdefault(word, [])
                else:
                    section.append(word)
            folder = parts.get("FOLDER", [name])[0]
            table[name] = Layer(folder, frozenset(parts.get("DEPENDS", [])), source.line_of(match.start()))
    everything = frozenset(table)
    for program in PROGRAMS:
        table.setdefault(program, Layer(program, everything, 0))
    return table


def layer_of(path: str, tree: Tree, table: dict[str, Layer]) -> str | None:
    """The layer that a file of src/ or include/tollgate/ belongs to. Storage engines share one include folder:
    a header there belongs to the engine that has the .cpp of that name, or to no engine ('storage')."""
    parts = path.split("/")
    if parts[0] == "src":
        for name, layer in table.items():
            if path.startswith(f"src/{layer.folder}/"):
                return name
        return None
    if parts[:2] != ["include", "tollgate"] or len(parts) < 4:
        return None
    if parts[2] == "storage":
        stem = parts[-1].removesuffix(".hpp")
        for name, layer in table.items():
            if layer.folder.startswith("storage/") and f"src/{layer.folder}/{stem}.cpp" in tree.paths:
                return name
        return "storage"
    return parts[2] if parts[2] in table else None


def ours(tree: Tree) -> list[Source]:
    return tree.select(("src", "include"), (".cpp", ".hpp"))


def resolve(what: str, tree: Tree) -> str | None:
    """The path in the tree of an include in quotes, or nothing if it is somebody else's header."""
    for path in (f"include/{what}", f"src/{what}"):
        if path in tree.paths:
            return path
    return None


def layers(tree: Tree) -> Iterable[Finding]:
    table = read_table(tree)
    for source in ours(tree):
        own = layer_of(source.path, tree, table)
        if own is None:
            if not source.path.startswith("src/third_party/"):
                yield source.finding(1, "layers", f"belongs to no layer of {TABLE}")
            continue
        allowed = table[own].depends if own in table else frozenset(table)
        for line, mark, what in source.includes:
            if mark != '"':
                continue
            path = resolve(what, tree)
            if path is None:
                yield source.finding(line, "layers", f'"{what}" is neither in include/ nor in src/ (ours in quotes, others in <>)')
                continue
            target = layer_of(path, tree, table)
            if target in (own, None) or own == "storage":
                continue
            storage_header = target == "storage" and (own.startswith("storage_") or own in PROGRAMS)
            if target not in allowed and not storage_header:
                yield source.finding(line, "layers", f"{own} may not include {target} ({TABLE})")


def siblings(tree: Tree) -> Iterable[Finding]:
    table = read_table(tree)
    seen: set[str] = set()
    for name, layer in table.items():
        for other in sorted(layer.depends):
            if name in PROGRAMS:
                continue
            if other in PROGRAMS or (name in SIBLINGS and other in SIBLINGS):
                yield Finding(TABLE, layer.line, "siblings", f"{name} may not depend on {other}")
            if other not in seen:
                yield Finding(TABLE, layer.line, "siblings", f"{name} depends on {other}, which must come before it")
        seen.add(name)


def placement(tree: Tree) -> Iterable[Finding]:
    table = read_table(tree)
    users: dict[str, set[str]] = {}
    within: dict[str, set[str]] = {}
    for source in ours(tree):
        own = layer_of(source.path, tree, table)
        for _, mark, what in source.includes:
            path = resolve(what, tree) if mark == '"' else None
            if path is None:
                continue
            if layer_of(path, tree, table) != own:
                users.setdefault(path, set()).add(own or "?")
            elif source.path.startswith("include/"):
                within.setdefault(source.path, set()).add(path)
    public = set(users)  # and what a public header of the same layer shows
    pending = list(users)
    while pending:
        for path in within.get(pending.pop(), ()):
            if path not in public:
                public.add(path)
                pending.append(path)
    for source in tree.select(("include",), (".hpp",)):
        if source.path not in public:
            yield source.finding(1, "placement", "no other layer includes this header: move it beside its .cpp in src/")
    for path in sorted(users):
        if path.startswith("src/"):
            yield Finding(path, 1, "placement", f"{', '.join(sorted(users[path]))} includes it: move it to include/tollgate/")


def third_party(tree: Tree) -> Iterable[Finding]:
    for source in ours(tree):
        folder = source.path.removeprefix("include/tollgate/").removeprefix("src/").rsplit("/", 1)[0]
        if folder == "third_party":
            continue
        public = source.path.startswith("include/")
        for line, _, what in source.includes:
            if public and DRIVERS.match(what):
                yield source.finding(line, "third-party", f"<{what}> in a public header: keep the driver's types in src/")
            for pattern, folders in THIRD_PARTY.items():
                if re.match(pattern, what) and not any(f"{folder}/".startswith(f"{place}/") for place in folders):
                    yield source.finding(line, "third-party", f"<{what}> belongs to {', '.join(sorted(folders))}")


CHECKS = {"layers": layers, "siblings": siblings, "placement": placement, "third-party": third_party}

if __name__ == "__main__":
    source_tree.main(CHECKS)
