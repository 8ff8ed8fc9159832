"""Tables of the documents that repeat what the code says: errors, limits, constants, layers and
rooms. `library.documents` compares those that the command prints.
"""
import re
import unittest
from pathlib import Path

from test_style import USES
from test_walls import ROOMS

ROOT = Path(__file__).resolve().parents[2]
UNITS = {"": 1, "KiB": 1024, "MiB": 1024 ** 2, "ms": 1, "s": 1000}


def text_of(path):
    return (ROOT / path).read_text(encoding="utf-8")


def rows(text, heading):
    """The cells of the table under this heading row, whose first cell is given."""
    table = re.search(r"^\| %s \|.*\n\| ---.*\n((?:\|.*\n)+)" % re.escape(heading), text,
                      re.MULTILINE)
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            for line in table[1].splitlines()]


def written(value):
    """`256 KiB`, `10 000`, `50 ms` as a number."""
    found = re.match(r"(\d[\d ]*\d|\d)(?: (KiB|MiB|ms|s))?\b", value)
    return int(found[1].replace(" ", "")) * UNITS[found[2] or ""]


def initial(code, name):
    """The value that the code gives a name where it declares it."""
    found = re.search(r"(\w+)\s+%s\s*(?:=\s*([^;,)]+)|\{([^}]+)\})" % name, code)
    if found is None:
        return None
    product = 1
    for factor in (found[2] or found[3]).split("*"):
        factor = factor.strip()
        product *= UNITS[factor] if factor in UNITS else int(re.sub(r"['UL]", "", factor))
    return product * (1000 if found[1] == "seconds" else 1)


class Reading(unittest.TestCase):

    def test_values(self):
        for value, number in (("256 KiB", 262144), ("10 000", 10_000), ("1 s", 1000), ("64", 64),
                              ("1 (at most 1024)", 1), ("0, off", 0)):
            self.assertEqual(number, written(value), value)
        code = ("std::size_t a = 16 * MiB;\nstd::chrono::seconds b{1};\nint c = 1'000;\n"
                "f(time_point now, std::size_t d = 4096)\nstd::chrono::milliseconds e{5'000};\n"
                "std::size_t g = 16 * 1024UL;\n")
        self.assertEqual([16 << 20, 1000, 1000, 4096, 5000, 16384, None],
                         [initial(code, name) for name in "abcdegh"])

    def test_rows(self):
        text = "| x | y |\n| --- | --- |\n| a | b\\|c |\n| d | e |\n\n| x | z |\n"
        self.assertEqual([["a", "b\\|c"], ["d", "e"]], rows(text, "x"))


class Tables(unittest.TestCase):

    def test_errors(self):
        code = text_of("src/core/error.cpp")
        named = re.findall(r'^\s*\{"([\w.]+)", "([^"]+)"\},$', code, re.MULTILINE)
        count = initial(text_of("include/framewire/core/error.hpp"), "errc_count")
        self.assertEqual(count, len(named))
        self.assertEqual([(f"`{name}`", words) for name, words in named],
                         [tuple(row[:2]) for row in rows(text_of("docs/errors.md"), "name")])

    def test_fields_of_limits(self):
        code = text_of("include/framewire/core/limits.hpp")
        fields = re.findall(r"^    [\w:]+ (\w+)(?: =|\{)", code, re.MULTILINE)
        self.assertGreater(len(fields), 5)
        page = rows(text_of("docs/limits.md"), "option of `serve`")
        self.assertEqual(fields, [row[1].strip("`") for row in page])
        options = re.findall(r'"(--[\w-]+)"', text_of("tools/framewire/cli/options.cpp"))
        self.assertLessEqual({row[0].strip("`") for row in page}, set(options))

    def test_limits_of_a_server(self):
        code = text_of("include/framewire/net/server.hpp") + text_of(
            "include/framewire/transport/tls.hpp")
        for _, _, field, default in rows(text_of("docs/limits.md").partition("## For a server")[2],
                                         "limit"):
            with self.subTest(field):
                self.assertEqual(initial(code, field.strip("`")), written(default))

    def test_constants(self):
        found = rows(text_of("docs/limits.md"), "constant")
        self.assertGreater(len(found), 15)
        for what, value, _, place in found:
            with self.subTest(what):
                name, path = re.fullmatch(r"`(\w+)`, `([\w/.]+)`", place).groups()
                self.assertEqual(initial(text_of(path), name), written(value), place)

    def test_invisible_characters(self):
        """The dissector in Lua escapes what we do."""
        ranges = [re.findall(r"\{(0x[0-9A-F]+, 0x[0-9A-F]+)\}", text_of(path))
                  for path in ("src/core/quote.cpp", "tools/framewire/wireshark/texts.cpp")]
        self.assertGreater(len(ranges[0]), 15)
        self.assertEqual(*ranges)

    def test_layers_and_rooms(self):
        page = text_of("ARCHITECTURE.md")
        self.assertEqual(set(USES), {row[0].strip("`") for row in rows(page, "layer")})
        self.assertEqual(set(ROOMS), {name for row in rows(page, "room")
                                      for name in re.findall(r"`(\w+)`", row[0])})


if __name__ == "__main__":
    unittest.main()
