#!/usr/bin/env python3
import unittest

from check_style import CHECKS
from fixture import TreeTest

CPP = "src/gateway/a.cpp"
HPP = "include/tollgate/gateway/a.hpp"


class Style(TreeTest):
    checks = CHECKS

    def test_sizes(self):
        self.assert_clean("file-size", {CPP: "x\n" * 500})
        self.assert_found("file-size", {CPP: "x\n" * 501}, f"{CPP}:500")
        self.assert_clean("line-size", {CPP: "é" * 110})
        self.assert_found("line-size", {CPP: "\n" + "x" * 111}, f"{CPP}:2")

    def test_what_the_formatter_leaves_alone_may_be_longer(self):
        self.assert_clean("line-size", {CPP: "// clang-format off\n" + "x" * 120 + "\n// clang-format on\n"})
        self.assert_clean("line-size", {CPP: 'auto x = R"({"a": 1,\n' + '"b": 2' * 30 + '})";', "src/b.cpp": f'f("{"x" * 120}");'})
        self.assert_found("line-size", {CPP: "auto x = \"short\";\n// " + "x" * 120}, f"{CPP}:2")

    def test_header_form(self):
        self.assert_clean("header-form", {HPP: "// What it is.\n#pragma once\n"})
        self.assert_each_found("header-form", HPP, ["#pragma once\n", "// What it is.\n#ifndef A\n"])

    def test_unfinished(self):
        self.assert_each_found("unfinished", CPP, ["// TODO later", "f(); // FIXME"])
        self.assert_found("unfinished", {"docs/a.md": "\nTODO: write"}, "docs/a.md:2")
        self.assert_each_clean("unfinished", CPP, ["// todos are kept elsewhere"])

    def test_type_names(self):
        self.assert_each_found("type-names", CPP, [
            "class KeyManager {", "struct ConnectionContext {", "enum class CallInfo {", "using StreamImpl = int;",
            "class [[nodiscard]] KeyHelper final : Base {", "class StringUtils {"])
        self.assert_each_clean("type-names", CPP, [
            "class Informer {", "struct Utility {", "class ManagerialTask {", "struct Implication {", "void set(Context& context);"])

    def test_function_names(self):
        self.assert_each_found("function-names", CPP, ["int get_size() const;", "Key get_key(int id) {"])
        self.assert_each_clean("function-names", CPP, ["auto* x = std::get_if<int>(&v);", "int size() const;", "a.get_executor();"])

    def test_vocabulary(self):
        word = "Down" + "stream"
        self.assert_found("vocabulary", {"docs/a.md": f"the {word} side"}, "docs/a.md:1")
        self.assert_found("vocabulary", {CPP: f"int {word.lower()};"}, f"{CPP}:1")

    def test_co_spawn(self):
        call = "boost::asio::co_spawn(loop, f(), detached);"
        self.assert_each_found("co-spawn", CPP, [call])
        self.assert_clean("co-spawn", {"src/runtime/spawn.cpp": call, "src/simulator/a.cpp": call, "tests/unit/a_test.cpp": call})
        self.assert_found("co-spawn", {"src/simulator/a.cpp": call, "src/simulator/b.cpp": call}, "src/simulator/b.cpp:1")

    def test_locks(self):
        self.assert_each_found("mutex", CPP, ["std::mutex m;", "std::scoped_lock lock(m);", "std::condition_variable_any c;"])
        self.assert_each_clean("mutex", CPP, ["// std::mutex", "std::atomic<int> n;"])

    def test_floating_point(self):
        self.assert_each_found("floating-point", CPP, ["double x;", "auto y = float(3);", "std::stod(text);"])
        self.assert_each_clean("floating-point", CPP, ['"double"', "// double", "int doubled;"])

    def test_bool_parameters(self):
        self.assert_each_found("bool-parameter", CPP, ["void f(bool on);", "void f(int a, bool on = false) {", "Key(const bool on);"])
        self.assert_each_clean("bool-parameter", CPP, [
            "bool f(int a);", "struct A { bool on; };", "void f(std::function<bool(int)> g);", "bool operator==(const A&) const;"])

    def test_clocks(self):
        self.assert_each_found("clocks", CPP, ["auto t = std::chrono::steady_clock::now();", "time(nullptr);", "Clock::now();"])
        self.assert_clean("clocks", {"src/runtime/worker.cpp": "std::chrono::steady_clock::now();"})

    def test_banned_words(self):
        self.assert_each_found("banned-words", CPP, [
            "x = shared_from_this();", "std::regex r;", "std::locale::classic();", "std::this_thread::sleep_for(1s);"])


class CoAwait(TreeTest):
    checks = CHECKS

    def test_the_plain_forms_are_allowed(self):
        self.assert_each_clean("co-await", CPP, [
            "void g() { co_await f(x); }",
            "{ auto x = co_await f(std::move(y), 3); }",
            "{ const base::Result<Key> key = co_await keys_.find(hash, now); }",
            "{ x = co_await f<int>(a, b); }",
            "{ state.x[0] = co_await stream->read(buffer(data, size)); }",
            "{ co_return co_await refuse(exchange, principal.error()); }",
            "{ if (!call) co_return co_await refuse(exchange, call.error()); }",
            "{ if (a) co_await f(); else co_await g(); }",
            "{ for (int i = 0; i < 3; ++i) co_await f(i); }",
            "{ while (more(x)) n = co_await f(i); }",
            "{ case Kind::plain: co_await f(); }",
            "{ const auto [error, n] = split(result); co_await f(n); }",
            "{ // if (co_await f()) }",
        ])

    def test_every_other_form_is_found(self):
        self.assert_each_found("co-await", CPP, [
            "{ if (co_await f()) return; }",
            "{ while (co_await f()) g(); }",
            "{ x = a ? co_await f() : 0; }",
            "{ auto x = (co_await f()).value(); }",
            "{ g(co_await f()); }",
            "{ EXPECT_TRUE(co_await f()); }",
            "{ auto [a, b] = co_await f(); }",
            "{ const auto& [a, b] = co_await f(); }",
            "{ co_await f(Options{1, 2}); }",
            "{ co_await f({1, 2}); }",
            "{ co_await f([x] { return x; }); }",
            "{ auto x = 1 + co_await f(); }",
            "{ auto x = co_await f() + 1; }",
            "{ auto x = co_await f() && g(); }",
            "{ co_await task; }",
            "{ co_await (f() || g()); }",
            "{ return co_await f(); }",
            "{ Key key{co_await f()}; }",
            "{ if (auto x = co_await f(); x) g(); }",
        ])

    def test_an_exception_needs_a_reason(self):
        self.assert_clean("co-await", {CPP: "// style(co-await): the operation is stored before it is awaited\nco_await task;\n"})


if __name__ == "__main__":
    unittest.main()
