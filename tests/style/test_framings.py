"""A framing is wired up: what CONTRIBUTING.md asks for under "A framing" is there. That its specs
are in tests/support/specs.txt is held by `codec.framing_table`.
"""
import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INCLUDE = ROOT / "include" / "framewire" / "codec"
# Types that share a row with another: what an option makes of it.
SHARED = {"any_delimiter": "delimiter", "content_length": "kept_message"}
# Files with another name than the type.
FILES = {"json_text": "json"}
LITERAL = r'"((?:[^"\\]|\\.)*)"'


def text_of(path):
    return (ROOT / path).read_text(encoding="utf-8")


def codecs():
    """The types of the list of all codecs."""
    listed = re.search(r"codec_list<([^>]*)>", text_of(INCLUDE / "every_codec.hpp"))
    return [name.strip() for name in listed[1].split(",")]


def rows():
    """Of the table: a codec's type, and the names that specs have for it."""
    table = text_of("src/codec/framing_table.cpp")
    found = re.findall(r"\{" + LITERAL + r",[^{}]*(?:framing_row::read<(\w+)>|read_(\w+))\}",
                       re.sub(r'R"\(.*?\)"|"\{\}"', '""', table))
    return {codec or function: names.split() for names, codec, function in found}


def missing(codec, names):
    """What this framing lacks."""
    file = FILES.get(codec, codec)
    for path in (f"include/framewire/codec/{file}.hpp", f"tests/unit/codec/{file}.cpp"):
        if not (ROOT / path).exists():
            yield path
    if f'#include "framewire/codec/{file}.hpp"' not in text_of(INCLUDE / "every_codec.hpp"):
        yield f"{file}.hpp in every_codec.hpp"
    oracle = text_of("tests/differential/oracle/__init__.py")
    page = text_of("docs/framings.md")
    transcripts = {re.split("[:,\n]", text.partition("\nframing ")[2])[0] for text in
                   map(text_of, (ROOT / "tests" / "transcripts").iterdir())}
    for name in names:
        if f'"{name}":' not in oracle:
            yield f"{name} in the oracle"
        if not re.search(rf"^## (.* )?{name}\b", page, re.MULTILINE):
            yield f"a part about {name} in docs/framings.md"
        if name not in transcripts:
            yield f"a transcript of {name}"


class Framings(unittest.TestCase):

    def test_the_table_has_a_row_for_each_codec(self):
        self.assertGreater(len(codecs()), 10)
        # In any order: that of the list is what connections use most, that of the table is read.
        self.assertCountEqual([codec for codec in codecs() if codec not in SHARED], rows())

    def test_each_is_wired_up(self):
        for codec, names in rows().items():
            with self.subTest(codec):
                self.assertEqual([], list(missing(codec, names)))

    def test_what_is_missing_is_seen(self):
        self.assertEqual(6, len(list(missing("no_such_codec", ["no-such-name"]))))


if __name__ == "__main__":
    unittest.main()
