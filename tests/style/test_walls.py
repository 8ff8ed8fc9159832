"""Walls that keep the build short: a header that takes seconds to compile is included in one place,
and a room of the command includes no other command's room.
"""
import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INCLUDE = re.compile(r'^\s*#\s*include\s*["<]([^">]+)[">]', re.MULTILINE)

# What a header's name begins with, and the places that may include it.
HEAVY = {"CLI/": (),
         "nlohmann/": ("tools/framewire/cli/json.cpp",),
         "boost/beast": ("tools/framewire/http/http_",),
         "boost/asio": ("src/asio/", "include/framewire/asio/"),
         "histedit.h": ("tools/framewire/connect/line_reader",),
         "nats/": ("src/store/nats_library.hpp",),
         "openssl/": ("src/transport/tls", "tools/framewire/certificate/issue.cpp"),
         "sqlite3.h": ("src/store/sqlite.cpp",),
         "toml++/": ("tools/framewire/cli/config_file.cpp",),
         "spdlog/": ()}
PRODUCT = ("include", "src", "tools")

# fmt compiles its whole engine into each source that formats into an iterator.
SLOW_TO_COMPILE = re.compile(r"\bformat_to\b|\bformatted_size\b|\bfmt::join\b")

# The rooms of the command, and which others each may include.
ROOMS = {"certificate": {"cli"}, "cli": set(), "init": set(), "programs": set(), "http": {"cli"},
         "metrics": {"cli", "http"}, "serve": {"cli", "init", "programs", "metrics"},
         "connect": {"cli"}, "send": {"cli"}, "proxy": {"cli", "http", "programs"},
         "bench": {"cli"}, "check": {"cli", "programs"}, "stores": {"cli"}, "listing": {"cli"},
         "wireshark": {"cli"}, "page": {"cli", "http"}, "captures": {"cli"},
         "replay": {"cli", "captures"},
         "trace": {"cli", "captures", "page", "wireshark"}}


def is_outside(path, header):
    """True if the header is heavy and the file is none of its places."""
    return any(header.startswith(heavy) and not path.startswith(tuple(places))
               for heavy, places in HEAVY.items())


def is_behind_a_wall(path, header):
    room, wanted = path.split("/")[2], header.split("/")[0]
    return "/" in header and wanted in ROOMS and wanted not in ROOMS[room] | {room}


def product_files():
    for folder in PRODUCT:
        for file in sorted((ROOT / folder).rglob("*.[chi]pp")):
            yield file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8")


def includes():
    for path, text in product_files():
        for header in INCLUDE.findall(text):
            yield path, header


class Walls(unittest.TestCase):

    def test_samples(self):
        self.assertTrue(is_outside("src/net/x.cpp", "boost/asio/write.hpp"))
        self.assertTrue(is_outside("src/net/x.cpp", "spdlog/spdlog.h"))
        self.assertFalse(is_outside("src/asio/x.cpp", "boost/asio/write.hpp"))
        self.assertFalse(is_outside("src/net/x.cpp", "boost/intrusive/list.hpp"))
        self.assertTrue(is_behind_a_wall("tools/framewire/serve/x.cpp", "bench/report.hpp"))
        self.assertFalse(is_behind_a_wall("tools/framewire/serve/x.cpp", "cli/print.hpp"))
        self.assertFalse(is_behind_a_wall("tools/framewire/page/x.cpp", "io/sockets.hpp"))
        self.assertTrue(SLOW_TO_COMPILE.search("fmt::format_to(std::back_inserter(out), x)"))
        self.assertFalse(SLOW_TO_COMPILE.search("out += fmt::format(x)"))

    def test_heavy_headers_are_included_in_one_place(self):
        self.assertEqual([], [f"{path}: {header}" for path, header in includes()
                              if is_outside(path, header)])

    def test_every_heavy_header_is_still_there(self):
        """A place that is empty is a rule that cannot fail."""
        found = {heavy for _, header in includes() for heavy in HEAVY if header.startswith(heavy)}
        self.assertEqual({heavy for heavy, places in HEAVY.items() if places}, found)

    def test_rooms_include_no_other_command(self):
        self.assertEqual(set(ROOMS), {path.split("/")[2] for path, _ in product_files()
                                      if path.count("/") > 2 and path.startswith("tools/")})
        self.assertEqual([], [f"{path}: {header}" for path, header in includes()
                              if path.startswith("tools/framewire/") and path.count("/") > 2
                              and is_behind_a_wall(path, header)])

    def test_formatting_is_fast_to_compile(self):
        self.assertEqual([], [path for path, text in product_files()
                              if SLOW_TO_COMPILE.search(text)])


if __name__ == "__main__":
    unittest.main()
