#!/usr/bin/env python3
import unittest

from check_layers import CHECKS
from fixture import TreeTest

TABLE = """# Layers
tollgate_layer(base PRIVATE OpenSSL::Crypto)
tollgate_layer(domain DEPENDS base)
tollgate_layer(http DEPENDS base)
tollgate_layer(storage_memory FOLDER storage/memory DEPENDS base)
tollgate_layer(storage_sqlite FOLDER storage/sqlite DEPENDS base PRIVATE sqlite3)
"""


class Layers(TreeTest):
    checks = CHECKS

    def tree(self, files: dict[str, str]) -> dict[str, str]:
        return {
            "src/CMakeLists.txt": TABLE,
            "include/tollgate/base/money.hpp": "",
            "include/tollgate/domain/key.hpp": "",
            "include/tollgate/storage/memory_store.hpp": "",
            "src/storage/memory/memory_store.cpp": "",
            **files,
        }

    def test_a_layer_may_include_itself_and_what_it_depends_on(self):
        self.assert_clean("layers", self.tree({
            "src/domain/rate.cpp": '#include "domain/rate.hpp"\n#include "tollgate/base/money.hpp"\n#include <vector>\n',
            "src/domain/rate.hpp": '#include "tollgate/domain/key.hpp"\n',
            "src/app/main.cpp": '#include "tollgate/domain/key.hpp"\n#include "tollgate/storage/memory_store.hpp"\n',
        }))

    def test_anything_else_is_found(self):
        for path, text in [
            ("src/base/money.cpp", '\n#include "tollgate/domain/key.hpp"'),
            ("src/http/head.cpp", '\n#include "tollgate/domain/key.hpp"'),
            ("include/tollgate/base/id.hpp", '\n# include "tollgate/domain/key.hpp"'),
            ("src/storage/sqlite/store.cpp", '\n#include "tollgate/storage/memory_store.hpp"'),
            ("src/domain/rate.cpp", '\n#include "vector_of_ours.hpp"'),
        ]:
            with self.subTest(path=path):
                self.assert_found("layers", self.tree({path: text}), f"{path}:2")

    def test_an_include_in_a_comment_does_not_count(self):
        self.assert_clean("layers", self.tree({"src/base/money.cpp": '// #include "tollgate/domain/key.hpp"\n'}))

    def test_a_folder_outside_the_table_is_found(self):
        self.assert_found("layers", self.tree({"src/extra/a.cpp": ""}), "src/extra/a.cpp:1")

    def test_siblings_and_cycles_are_found_in_the_table(self):
        table = "tollgate_layer(base DEPENDS domain)\ntollgate_layer(domain DEPENDS base)\n"
        self.assert_found("siblings", {"src/CMakeLists.txt": table}, "src/CMakeLists.txt:1")
        table = "tollgate_layer(gateway)\ntollgate_layer(server DEPENDS gateway)\n"
        self.assert_found("siblings", {"src/CMakeLists.txt": table}, "src/CMakeLists.txt:2")
        self.assert_clean("siblings", {"src/CMakeLists.txt": TABLE})


class Placement(TreeTest):
    checks = CHECKS

    def test_a_public_header_that_only_its_own_layer_includes_is_found(self):
        files = {"src/CMakeLists.txt": TABLE, "include/tollgate/base/money.hpp": "",
                 "src/base/money.cpp": '#include "tollgate/base/money.hpp"\n'}
        self.assert_found("placement", files, "include/tollgate/base/money.hpp:1")
        self.assert_clean("placement", {**files, "src/domain/a.cpp": '#include "tollgate/base/money.hpp"\n'})

    def test_what_a_public_header_shows_is_public_too(self):
        self.assert_clean("placement", {
            "src/CMakeLists.txt": TABLE, "include/tollgate/base/money.hpp": "",
            "include/tollgate/base/price.hpp": '#include "tollgate/base/money.hpp"\n',
            "src/domain/a.cpp": '#include "tollgate/base/price.hpp"\n',
        })

    def test_a_private_header_that_another_layer_includes_is_found(self):
        self.assert_found("placement", {
            "src/CMakeLists.txt": TABLE, "src/base/money.hpp": "", "src/domain/a.cpp": '#include "base/money.hpp"\n',
        }, "src/base/money.hpp:1")


class ThirdParty(TreeTest):
    checks = CHECKS

    def test_each_library_has_its_place(self):
        self.assert_clean("third-party", {"src/storage/sqlite/a.cpp": "#include <SQLiteCpp/Database.h>\n",
                                          "src/telemetry/log.cpp": "#include <spdlog/spdlog.h>\n"})
        for path, text in [
            ("src/gateway/a.cpp", "#include <SQLiteCpp/Database.h>"),
            ("src/domain/a.cpp", "#include <boost/asio/post.hpp>"),
            ("src/http/a.cpp", "#include <boost/beast/http.hpp>"),
            ("src/gateway/a.cpp", "#include <spdlog/spdlog.h>"),
        ]:
            with self.subTest(path=path, text=text):
                self.assert_found("third-party", {path: text}, f"{path}:1")

    def test_a_driver_in_a_public_header_is_found(self):
        path = "include/tollgate/base/digest.hpp"
        self.assert_found("third-party", {path: "#pragma once\n#include <openssl/evp.h>\n"}, f"{path}:2")


if __name__ == "__main__":
    unittest.main()
