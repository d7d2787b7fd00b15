#!/usr/bin/env python3
"""Checks the rules of the house that no compiler checks.

Rooms (folders under src/) include only what their CMakeLists.txt says they use, in the order of
src/CMakeLists.txt, and docs/architecture.md draws the same arrows; libraries stay in their rooms; every
room has a short README; files stay short; some calls are banned.

usage: house_rules.py ROOT      prints each violation as FILE:LINE: RULE; exit status 1 if there is one
"""

import re
import sys
from pathlib import Path

README_LINES_MAX = 10
FILE_LINES_MAX = 400
TEST_LINES_MAX = 500

SOURCE_FOLDERS = ["src", "web", "tests", "fuzz", "bench", "script"]
SKIPPED_FOLDERS = {"build", "node_modules", "corpus", "__pycache__"}
SKIPPED_FILES = {"schema.d.ts"}  # generated
MEASURED = {".cpp", ".hpp", ".h", ".js", ".mjs", ".ts", ".vue", ".css", ".html", ".py", ".sh", ".cmake", ""}
CXX = {".cpp", ".hpp", ".h"}

# What may include a library's headers: rooms, single files, folders outside src/.
LIBRARIES = {
    r"simdjson": ["json/"],
    r"openssl/": ["crypto/", "net/tls_"],
    r"sodium": ["crypto/"],
    r"spdlog/": ["base/log.cpp"],
    r"toml\+\+/": ["config/toml_file.cpp"],
    r"CLI/": ["cli/command_line.cpp", "cli/app_flags.cpp", "cli/bench_flags.cpp", "cli/watching_flags.cpp", "tests/echo/", "tests/load/"],
    r"zlib\.h": ["websocket/"],
    r"sqlite3": ["store/sqlite_"],
    r"libpq": ["store/postgresql_"],
    r"vips/": ["thumbnail/"],
    r"prometheus/": ["metrics/exposition.cpp"],
    r"curl/": ["webhooks/sender.cpp", "cli/curl_handle.", "cli/operations_client.cpp", "cli/trigger.cpp", "cli/socket_client.cpp"],
}

# Includes that are no room of ours, and who may write them.
GENERATED = {"web": ["server"]}

BANNED = [
    (r"(?<![\w.>])(strcpy|strcat|sprintf|vsprintf|gets|system|atoi|atol|rand|srand|strtok)\s*\(",
     "banned call"),
    (r"\busing\s+namespace\s+std\s*;", "banned directive"),
    (r"\b(co_await|co_yield|co_return)\b", "coroutines are banned (g++ 12 miscompiles them)"),
]

# Comments, strings and numbers; the last only so that a digit separator does not begin a character.
NOT_CODE = re.compile(
    r"""//[^\n]*|/\*.*?\*/|R"([^\s()\\]{0,16})\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\b\d[\w'.]*|'(?:\\.|[^'\\\n])*'""",
    re.DOTALL)
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')
ROOM = re.compile(r"parley_room\(\s*(\w+)\b(.*?)\)", re.DOTALL)


class Room:
    """A room is named after its folder; one within another room's folder after both: `chat/http` is `chat_http`."""

    def __init__(self, root, folder):
        self.path = folder.relative_to(root / "src").as_posix()
        self.name = self.path.replace("/", "_")
        self.folder = folder
        self.uses = []
        call = ROOM.search((folder / "CMakeLists.txt").read_text())
        self.declared = call.group(1) if call else None
        if call and "USES" in call.group(2):
            self.uses = call.group(2).split("USES", 1)[1].split("LIBRARIES", 1)[0].split()


class House:
    def __init__(self, root):
        self.root = Path(root)
        self.violations = []
        folders = sorted(path.parent for path in self.root.glob("src/*/**/CMakeLists.txt"))
        rooms = [Room(self.root, folder) for folder in folders]
        self.rooms = {room.name: room for room in rooms}

    def violation(self, path, line, rule):
        self.violations.append(f"{path.relative_to(self.root)}:{line}: {rule}")

    def check(self):
        self.check_order()
        self.check_documented_arrows()
        for room in self.rooms.values():
            self.check_readme(room)
        for path in self.files():
            self.check_length(path)
            if path.suffix in CXX:
                self.check_includes(path)
                self.check_calls(path)
        return self.violations

    def files(self):
        for top in SOURCE_FOLDERS:
            for path in sorted((self.root / top).rglob("*")):
                parts = path.relative_to(self.root).parts
                measured = path.suffix in MEASURED and path.name not in SKIPPED_FILES
                if path.is_file() and measured and not SKIPPED_FOLDERS & set(parts):
                    yield path

    def check_order(self):
        listing = self.root / "src/CMakeLists.txt"
        listed = re.findall(r"^\s*add_subdirectory\(([\w/]+)\)", listing.read_text(), re.MULTILINE)
        order = [path.replace("/", "_") for path in listed]
        for room in self.rooms.values():
            cmake = room.folder / "CMakeLists.txt"
            if room.declared != room.name:
                self.violation(cmake, 1, f"declares the room '{room.declared}' in the folder '{room.path}'")
            if room.name not in order:
                self.violation(listing, 1, f"the room '{room.name}' is not listed")
                continue
            for used in room.uses:
                if used not in order or order.index(used) >= order.index(room.name):
                    self.violation(cmake, 1, f"'{room.name}' uses '{used}', which is not listed before it")

    def check_documented_arrows(self):
        document = self.root / "docs/architecture.md"
        text = document.read_text() if document.exists() else ""
        block = re.search(r"^```arrows\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
        drawn = {}
        for line in block.group(1).splitlines() if block else []:
            name, _, used = line.partition("->")
            drawn[name.strip()] = set(re.findall(r"\w+", used))
        for name in sorted(self.rooms.keys() | drawn.keys()):
            uses = set(self.rooms[name].uses) if name in self.rooms else None
            if drawn.get(name) != uses:
                self.violation(document, 1, f"the arrows of '{name}' are not those of its CMakeLists.txt: "
                                            f"{' '.join(sorted(uses or {'(no such room)'})) or '(none)'}")

    def check_readme(self, room):
        readme = room.folder / "README.md"
        if not readme.exists():
            self.violation(readme, 1, "a room needs a README")
        elif len(readme.read_text().splitlines()) > README_LINES_MAX:
            self.violation(readme, README_LINES_MAX + 1, f"longer than {README_LINES_MAX} lines")

    def check_length(self, path):
        is_test = path.relative_to(self.root).parts[0] == "tests" or path.stem.endswith("_test")
        most = TEST_LINES_MAX if is_test else FILE_LINES_MAX
        if len(path.read_text(errors="replace").splitlines()) > most:
            self.violation(path, most + 1, f"longer than {most} lines")

    def check_includes(self, path):
        parts = path.relative_to(self.root).parts
        room = self.room_of(parts[1:]) if parts[0] == "src" else None
        for number, line in enumerate(path.read_text().splitlines(), 1):
            include = INCLUDE.match(line)
            if not include:
                continue
            if include.group(1) == "<":
                self.check_library(path, number, include.group(2), "/".join(parts[1:] if room else parts))
            elif room:
                self.check_arrow(path, number, room, include.group(2))

    def room_of(self, parts):
        """The room of a file or an include, by the longest folder that is one."""
        for length in range(len(parts) - 1, 0, -1):
            room = self.rooms.get("_".join(parts[:length]))
            if room:
                return room
        return None

    def check_arrow(self, path, number, room, header):
        target = self.room_of(header.split("/"))
        if target is None:
            if room.name not in GENERATED.get(header.split("/")[0], []):
                self.violation(path, number, f'"{header}" does not begin with the name of a room')
        elif target is not room and target.name not in room.uses:
            self.violation(path, number, f"'{room.name}' may not include '{target.name}'")

    def check_library(self, path, number, header, place):
        for pattern, allowed in LIBRARIES.items():
            if re.match(pattern, header) and not any(place.startswith(prefix) for prefix in allowed):
                self.violation(path, number, f"<{header}> may be included by {', '.join(allowed)} only")

    def check_calls(self, path):
        blank = lambda found: re.sub(r"[^\n]", " ", found.group(0))
        code = NOT_CODE.sub(blank, path.read_text())
        for pattern, rule in BANNED:
            for found in re.finditer(pattern, code):
                number = code.count("\n", 0, found.start()) + 1
                self.violation(path, number, f"{rule}: {found.group(0).strip()}")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    violations = House(sys.argv[1]).check()
    for violation in violations:
        print(violation)
    sys.exit(1 if violations else 0)


if __name__ == "__main__":
    main()
