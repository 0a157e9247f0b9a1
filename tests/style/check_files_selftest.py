#!/usr/bin/env python3
import unittest

from check_files import CHECKS
from fixture import TreeTest

TABLE = {"src/CMakeLists.txt": "tollgate_layer(base)\ntollgate_layer(storage_memory FOLDER storage/memory DEPENDS base)\n"}


class Files(TreeTest):
    checks = CHECKS

    def test_every_source_has_its_test(self):
        self.assert_clean("mirror", {
            "src/base/money.cpp": "", "tests/unit/base/money_test.cpp": "",
            "src/storage/memory/store.cpp": "", "tests/unit/storage_memory/store_test.cpp": "",
            "src/third_party/asio.cpp": "", "src/app/main.cpp": "",
            "src/base/price.cpp": "", "tests/unit/base/prices_test.cpp": '#include "base/price.hpp"\n',
            "src/base/id.cpp": "", "tests/contract/id.hpp": '#include "tollgate/base/id.hpp"\n',
        })
        self.assert_found("mirror", {"src/base/money.cpp": "", "tests/unit/domain/money_test.cpp": ""}, "src/base/money.cpp:1")

    def test_headers_that_nothing_includes_are_found(self):
        files = {**TABLE, "include/tollgate/base/money.hpp": "", "src/base/a.hpp": "", "tests/support/b.hpp": ""}
        self.assert_found("dead-file", files, *(f"{path}:1" for path in files if path.endswith(".hpp")))
        self.assert_clean("dead-file", {**files, "src/base/c.cpp": '#include "tollgate/base/money.hpp"\n#include "base/a.hpp"\n',
                                        "tests/unit/base/d_test.cpp": '#include "support/b.hpp"\n'})

    def test_sources_that_cmake_does_not_read_are_found(self):
        self.assert_found("dead-file", {**TABLE, "src/base/deep/a.cpp": ""}, "src/base/deep/a.cpp:1")
        self.assert_clean("dead-file", {**TABLE, "src/storage/memory/a.cpp": "", "src/app/a.cpp": "", "src/app/CMakeLists.txt": ""})

    def test_pages_that_no_page_links_to_are_found(self):
        self.assert_found("dead-file", {"README.md": "", "docs/a.md": ""}, "docs/a.md:1")
        self.assert_clean("dead-file", {"README.md": "[a](docs/a.md)", "docs/a.md": "[b](b.md#b)", "docs/b.md": ""})

    def test_the_map_names_every_folder(self):
        files = {"src/base/a.cpp": "", "src/storage/memory/a.cpp": ""}
        self.assert_clean("folders", {**files, "docs/architecture.md": "`base` and `storage/memory/` and"})
        self.assert_found("folders", {**files, "docs/architecture.md": "\n`base`"}, "docs/architecture.md:1")

    def test_broken_links_are_found(self):
        for text in ["[a](gone.md)", "[a](../gone.md)", "[a](b.md#gone)", "[a](#gone)"]:
            with self.subTest(text=text):
                self.assert_found("links", {"docs/a.md": f"\n{text}\n# A\n", "docs/b.md": "# B\n"}, "docs/a.md:2")
        for text in ["[a](b.md)", "[a](b.md#what-it-is-then)", "[a](#a)", "[a](https://example.com)", "`[a](gone.md)`", "```\n[a](gone.md)\n```"]:
            with self.subTest(text=text):
                self.assert_clean("links", {"docs/a.md": f"\n{text}\n# A\n", "docs/b.md": "## What it is, then\n"})


if __name__ == "__main__":
    unittest.main()
