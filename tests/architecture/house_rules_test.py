#!/usr/bin/env python3
"""Builds a small house in order, breaks one rule at a time, and expects exactly that violation."""

import tempfile
import unittest
from pathlib import Path

from house_rules import House

ORDERLY = {
    "src/CMakeLists.txt": "add_subdirectory(base)\nadd_subdirectory(json)\nadd_subdirectory(hub)\n"
                          "add_subdirectory(cli)\n",
    "src/base/CMakeLists.txt": "parley_room(base LIBRARIES fmt::fmt)\n",
    "src/base/README.md": "# base\n",
    "src/base/log.cpp": "#include <spdlog/spdlog.h>\n",
    "src/json/CMakeLists.txt": "parley_room(json USES base LIBRARIES simdjson::simdjson)\n",
    "src/json/README.md": "# json\n",
    "src/json/parser.cpp": '#include "json/parser.hpp"\n#include "base/log.hpp"\n#include <simdjson.h>\n',
    "src/hub/CMakeLists.txt": "parley_room(hub USES base json)\n",
    "src/hub/README.md": "# hub\n",
    "src/hub/hub.cpp": '#include "json/parser.hpp"\n',
    "src/cli/CMakeLists.txt": "parley_room(cli USES base hub\n            LIBRARIES CLI11::CLI11)\n",
    "src/cli/README.md": "# cli\n",
    "docs/architecture.md": "# Rooms\n```arrows\nbase ->\njson -> base\nhub  -> base, json\n"
                            "cli  -> base, hub\n```\n",
}


def violations_of(changes):
    """`changes` maps paths to new text, or to None to leave a file out."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in {**ORDERLY, **changes}.items():
            if text is None:
                continue
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return House(folder).check()


class HouseRules(unittest.TestCase):
    def expect(self, changes, *expected):
        self.assertEqual(violations_of(changes), list(expected))

    def test_finds_nothing_in_an_orderly_house(self):
        self.expect({})

    def test_arrow_that_is_not_allowed(self):
        self.expect({"src/json/writer.hpp": '\n#include "hub/hub.hpp"\n'},
                    "src/json/writer.hpp:2: 'json' may not include 'hub'")

    def test_arrow_of_a_test_file(self):
        self.expect({"src/cli/cli_test.cpp": '#include "json/parser.hpp"\n'},
                    "src/cli/cli_test.cpp:1: 'cli' may not include 'json'")

    def test_room_within_a_room(self):
        self.expect({"src/CMakeLists.txt": ORDERLY["src/CMakeLists.txt"] + "add_subdirectory(hub/http)\n",
                     "src/hub/http/CMakeLists.txt": "parley_room(hub_http USES base hub)\n",
                     "src/hub/http/README.md": "# hub/http\n",
                     "src/hub/http/routes.cpp": '#include "hub/http/routes.hpp"\n#include "hub/hub.hpp"\n',
                     "src/hub/hub.hpp": '#include "hub/http/routes.hpp"\n',
                     "docs/architecture.md": ORDERLY["docs/architecture.md"].replace(
                         "cli  ->", "hub_http -> base, hub\ncli  ->")},
                    "src/hub/hub.hpp:1: 'hub' may not include 'hub_http'")

    def test_include_that_names_no_room(self):
        self.expect({"src/json/writer.hpp": '#include "parser.hpp"\n'},
                    'src/json/writer.hpp:1: "parser.hpp" does not begin with the name of a room')

    def test_generated_header_outside_its_room(self):
        self.expect({"src/hub/hub.hpp": '#include "web/assets.hpp"\n'},
                    'src/hub/hub.hpp:1: "web/assets.hpp" does not begin with the name of a room')

    def test_order_that_is_not_lowest_first(self):
        self.expect({"src/CMakeLists.txt": "add_subdirectory(base)\nadd_subdirectory(hub)\n"
                                           "add_subdirectory(json)\nadd_subdirectory(cli)\n"},
                    "src/hub/CMakeLists.txt:1: 'hub' uses 'json', which is not listed before it")

    def test_use_of_a_room_that_does_not_exist(self):
        self.expect({"src/cli/CMakeLists.txt": "parley_room(cli USES base hub attic)\n"},
                    "src/cli/CMakeLists.txt:1: 'cli' uses 'attic', which is not listed before it",
                    "docs/architecture.md:1: the arrows of 'cli' are not those of its CMakeLists.txt: attic base hub")

    def test_room_that_is_not_listed(self):
        self.expect({"src/CMakeLists.txt": "add_subdirectory(base)\nadd_subdirectory(json)\nadd_subdirectory(hub)\n"},
                    "src/CMakeLists.txt:1: the room 'cli' is not listed")

    def test_room_declared_under_another_name(self):
        self.expect({"src/json/CMakeLists.txt": "parley_room(jason USES base)\n"},
                    "src/json/CMakeLists.txt:1: declares the room 'jason' in the folder 'json'")

    def test_arrow_missing_from_the_documentation(self):
        self.expect({"docs/architecture.md": ORDERLY["docs/architecture.md"].replace("cli  -> base, hub", "cli -> base")},
                    "docs/architecture.md:1: the arrows of 'cli' are not those of its CMakeLists.txt: base hub")

    def test_documented_room_that_does_not_exist(self):
        self.expect({"docs/architecture.md": ORDERLY["docs/architecture.md"].replace("cli ", "attic -> base\ncli ")},
                    "docs/architecture.md:1: the arrows of 'attic' are not those of its CMakeLists.txt: (no such room)")

    def test_documentation_without_arrows(self):
        self.assertEqual(len(violations_of({"docs/architecture.md": None})), 4)

    def test_room_without_readme(self):
        self.expect({"src/hub/README.md": None}, "src/hub/README.md:1: a room needs a README")

    def test_length_of_a_readme(self):
        self.expect({"src/hub/README.md": "line\n" * 10})
        self.expect({"src/hub/README.md": "line\n" * 11}, "src/hub/README.md:11: longer than 10 lines")

    def test_length_of_a_file(self):
        self.expect({"src/hub/hub.hpp": "\n" * 400})
        self.expect({"src/hub/hub.hpp": "\n" * 401}, "src/hub/hub.hpp:401: longer than 400 lines")
        self.expect({"web/demo.js": "\n" * 401}, "web/demo.js:401: longer than 400 lines")
        self.expect({"script/test": "\n" * 401}, "script/test:401: longer than 400 lines")

    def test_length_of_a_test(self):
        self.expect({"src/hub/hub_test.cpp": "\n" * 500, "tests/e2e/a.test.mjs": "\n" * 500})
        self.expect({"src/hub/hub_test.cpp": "\n" * 501}, "src/hub/hub_test.cpp:501: longer than 500 lines")
        self.expect({"tests/e2e/a.test.mjs": "\n" * 501}, "tests/e2e/a.test.mjs:501: longer than 500 lines")

    def test_what_others_wrote_is_not_measured(self):
        self.expect({"web/node_modules/a/a.js": "\n" * 1000, "fuzz/corpus/http/1": "\n" * 1000})

    def test_banned_calls(self):
        for call in ("strcpy(a, b)", "strcat(a, b)", "sprintf(a, b)", "vsprintf(a, b, c)", "gets(a)", "std::system(a)",
                     "atoi(a)", "::atol(a)", "std::rand()", "srand (1)", "strtok(a, b)"):
            found = violations_of({"src/hub/hub.hpp": f"\nint x = 1'000; {call};\n"})
            self.assertEqual(len(found), 1, call)
            self.assertIn("src/hub/hub.hpp:2: banned call", found[0])

    def test_calls_that_only_look_banned(self):
        self.expect({"src/hub/hub.hpp": "snprintf(a); operand(b); file.system(c); // atoi(x)\n/* rand() */\n"
                                        'const char* s = "rand()"; auto r = R"(atoi(1))"; int n = 1\'000; \n'})

    def test_namespace_std(self):
        self.expect({"fuzz/a_fuzz.cpp": "using namespace std;\n"},
                    "fuzz/a_fuzz.cpp:1: banned directive: using namespace std;")
        self.expect({"fuzz/a_fuzz.cpp": "using namespace std::string_view_literals;\n"})

    def test_coroutines(self):
        self.expect({"tests/echo/a.cpp": "co_await x;\n"},
                    "tests/echo/a.cpp:1: coroutines are banned (g++ 12 miscompiles them): co_await")

    def test_libraries_outside_their_rooms(self):
        for header, rooms in (("simdjson.h", "json/"), ("openssl/evp.h", "crypto/, net/tls_"),
                              ("spdlog/spdlog.h", "base/log.cpp"), ("toml++/toml.h", "config/toml_file.cpp"),
                              ("CLI/CLI.hpp", "cli/command_line.cpp, cli/app_flags.cpp, cli/bench_flags.cpp, "
                               "cli/watching_flags.cpp, tests/echo/, tests/load/"), ("zlib.h", "websocket/"),
                              ("curl/curl.h", "webhooks/sender.cpp, cli/curl_handle., cli/operations_client.cpp, cli/trigger.cpp, "
                               "cli/socket_client.cpp")):
            for place in ("src/hub/hub.cpp", "fuzz/a_fuzz.cpp", "src/base/text.cpp"):
                self.expect({place: f"#include <{header}>\n"},
                            f"{place}:1: <{header}> may be included by {rooms} only")


if __name__ == "__main__":
    unittest.main()
