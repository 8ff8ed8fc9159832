"""Files and functions that the documents name in code font are there. Where a decision or the
changelog keeps an old name, the new one follows: `old.cpp` (now `new.cpp`).
"""
import fnmatch
import os
import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("include", "src", "tools", "tests", "examples", "fuzz", "bench", "cmake", "docs", ".ci")

CODE_BLOCK = re.compile(r"^```.*?^```$|(?:\A|(?<=\n\n))(?:    [^\n]*\n)+",
                        re.DOTALL | re.MULTILINE)
TOKEN = re.compile(r"`([^`\s]+)`(\s\(now\b)?")
FILE = re.compile(r"[\w.*-]+(?:/[\w.*-]+)*\.(?:[chi]pp|py|md|cmake|css|js|html|transcript|txt|svg)")
IN_A_FOLDER = re.compile(r"(?:%s)/[\w.*/-]+" % "|".join(map(re.escape, FOLDERS)))
PLACEHOLDER = re.compile(r"NAME|LAYER|TOPIC|ROOM|_NN_")
# Of examples: files that a reader has, or would make.
MADE = {"dump.txt", "report.html", "page.html", "walk.html"}


def files():
    """Every file of the tree and every folder."""
    for top in sorted(ROOT.iterdir()):
        if top.is_file():
            yield top.name
        elif top.name in FOLDERS:
            for folder, _, names in os.walk(top):
                inside = Path(folder).relative_to(ROOT).as_posix()
                yield inside
                yield from (f"{inside}/{name}" for name in names)


def endings(paths):
    """What a document may call them: the end of a path, from any of its folders."""
    for path in paths:
        parts = path.split("/")
        yield from ("/".join(parts[i:]) for i in range(len(parts)))


def unmatched(text, known):
    """Line and name of each file that is not there."""
    text = CODE_BLOCK.sub(lambda block: "\n" * block[0].count("\n"), text)
    for found in TOKEN.finditer(text):
        name = found[1].rstrip("/")
        is_path = FILE.fullmatch(name) or IN_A_FOLDER.fullmatch(name)
        if is_path and not found[2] and not PLACEHOLDER.search(name) and name not in MADE \
                and not fnmatch.filter(known, name):
            yield text.count("\n", 0, found.start()) + 1, name


def undeclared(text, words):
    """Line and name of each `a::b` or `f()` that no source knows."""
    for found in re.finditer(r"`((?:\w+::)+\w+|\w+\(\))`", text):
        if not set(re.findall(r"\w+", found[1])) <= words:
            yield text.count("\n", 0, found.start()) + 1, found[1]


def documents():
    for file in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]):
        yield file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8")


class Paths(unittest.TestCase):

    def test_samples(self):
        known = set(endings(["src/net/x.cpp", "src/net"]))
        for text, lines in (("a `x.cpp`, `net/x.cpp` and `src/net/x.cpp`\n", []),
                            ("\n`y.cpp`\n", [2]), ("`src/io/x.cpp`\n", [1]),
                            ("`src/io`, `src/net/`\n", [1]),
                            ("`y.cpp` (now `x.cpp`)\n", []), ("`y.cpp` (now `z.cpp`)\n", [1]),
                            ("    $ `y.cpp`\n```\n`y.cpp`\n```\n`NAME.cpp`, `dump.txt`\n", []),
                            ("`net/*.cpp`, `src/n*`\n", []), ("`src/y.*`\n", [1]),
                            ("`a.b`, `docs.rs`, `std::x`\n", [])):
            with self.subTest(text):
                self.assertEqual(lines, [line for line, _ in unmatched(text, known)])

    def test_every_file_that_a_document_names_is_there(self):
        known = set(endings(files()))
        self.assertGreater(len(known), 500)
        self.assertEqual([], [f"{path}:{line}: {name} is not there" for path, text in documents()
                              for line, name in unmatched(text, known)])


class Index(unittest.TestCase):

    def test_every_page_has_a_line_in_the_index(self):
        docs = ROOT / "docs"
        index = (docs / "README.md").read_text(encoding="utf-8")
        pages = [*docs.glob("*.md"), *(docs / "decisions").glob("*.md")]
        self.assertGreater(len(pages), 30)
        self.assertEqual([], [page.name for page in pages if page.name != "README.md"
                              and f"({page.relative_to(docs).as_posix()})" not in index])


class Names(unittest.TestCase):

    def test_samples(self):
        words = {"session", "next"}
        self.assertEqual([], list(undeclared("`session::next`, `next()`, `next`, `gone`", words)))
        self.assertEqual([(2, "session::gone")], list(undeclared("\n`session::gone`", words)))

    def test_every_function_that_a_page_names_is_in_the_code(self):
        words = set()
        for folder in ("include", "src", "tools", "tests"):
            for file in (ROOT / folder).rglob("*.[chi]pp"):
                words.update(re.findall(r"\w+", file.read_text(encoding="utf-8")))
        self.assertEqual([], [f"{path}:{line}: {name} is not in the code"
                              for path, text in documents() if "/decisions/" not in path
                              for line, name in undeclared(text, words)])


if __name__ == "__main__":
    unittest.main()
