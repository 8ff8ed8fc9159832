#!/usr/bin/env python3
"""The table of protocols: tests/protocols/protocols.tsv has a row for each of the 290, and
docs/framings.md ends with what it says. That the rows which say `full` are spoken is checked by
`count_protocols`, from the samples.

usage: test_protocols.py --write    writes the table in the document anew
"""
import re
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "framings.md"
HEADING = "## The table of protocols\n"
STRING = r'(?:R"\((?:.|\n)*?\)"|"(?:[^"\\]|\\.)*")'
PRESET = re.compile(r"\{\s*(%s),\s*(%s),\s*((?:%s\s*)+),\s*((?:%s\s*)+)," %
                    (STRING, STRING, STRING, STRING))
STATES = ("full", "part", "no")


def literal(text):
    """The value of C++ string literals that follow each other."""
    return "".join(one[3:-2] if one.startswith("R") else one[1:-1]
                   for one in re.findall(STRING, text))


def fields():
    """The fields of use with their titles, as the code has them."""
    code = (ROOT / "src/codec/framing_presets.cpp").read_text(encoding="utf-8")
    return dict(re.findall(r'\{"(\w+)", "([^"]+)"\},', code))


def presets():
    """The spec and the meaning of each, by all of its names."""
    found = {}
    for field in fields():
        code = (ROOT / f"src/codec/presets/{field}.hpp").read_text(encoding="utf-8")
        for match in PRESET.finditer(code):
            name, aliases, spec, meaning = map(literal, match.groups())
            found |= dict.fromkeys([name, *aliases.split()], (spec, meaning))
    return found


def protocols():
    lines = (ROOT / "tests/protocols/protocols.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def cell(text):
    return text.replace("|", "\\|")


def way(spoken, known):
    """`mysql` (`u24le,adjust=1`)"""
    name = spoken.partition(",")[0]
    if spoken in known:
        return f"`{spoken}` = `{cell(known[name][0])}`"
    return f"`{cell(spoken)}`"


def ways(spoken, known):
    """Several that exist side by side, or that follow each other in a stream."""
    return "; ".join(", then ".join(way(one, known) for one in each.split(" > "))
                     for each in spoken.split(" ; "))


def table():
    """The part of the document below its heading."""
    known = presets()
    rows = protocols()
    full = sum(row[3] == "full" for row in rows)
    lines = ["",
             f"{full} of {len(rows)} protocols are spoken whole: every frame is found, nothing of "
             "it is lost,",
             "and what is sent is right. The others are here with the reason. *Then* is a framing "
             "that follows in", "the same stream, once both ends agree."]
    for field, title in fields().items():
        lines += ["", f"### {title[0].upper()}{title[1:]}", "",
                  "| protocol | framing | specification |", "| --- | --- | --- |"]
        for _, protocol, group, state, spoken, source, reason in rows:
            if group != field:
                continue
            how = ways(spoken, known) if state == "full" else f"{state}: {cell(reason)}"
            lines.append(f"| {cell(protocol)} | {how} | {cell(source)} |")
    return "\n".join(lines) + "\n"


class Protocols(unittest.TestCase):

    def test_each_has_a_row(self):
        rows = protocols()
        self.assertEqual(290, len(rows))
        self.assertEqual(290, len({row[0] for row in rows}))
        self.assertEqual(290, len({row[1] for row in rows}))
        for row in rows:
            with self.subTest(row[0]):
                self.assertIn(row[2], fields())
                self.assertIn(row[3], STATES)
                self.assertNotEqual("", row[5].strip(" -"))
                self.assertEqual(row[3] == "full", row[6] == "-")

    def test_presets_are_found_in_the_code(self):
        known = presets()
        self.assertEqual("u24le,adjust=1,join=full", known["mysql"][0])
        self.assertEqual(known["tpkt"], known["s7"])
        self.assertTrue(known["bgp"][0].startswith(r"u16be,magic=\xff\xff"))
        rows = sum(len(re.findall(r"^    \{", path.read_text(encoding="utf-8"), re.MULTILINE))
                   for path in (ROOT / "src/codec/presets").iterdir())
        self.assertEqual(rows, len(set(map(id, known.values()))))

    def test_the_document_says_what_the_table_says(self):
        page = PAGE.read_text(encoding="utf-8")
        self.assertEqual(table(), page.partition(HEADING)[2],
                         "'tests/style/test_protocols.py --write' writes it anew")


if __name__ == "__main__":
    if "--write" in sys.argv:
        BEFORE = PAGE.read_text(encoding="utf-8").partition(HEADING)[0]
        PAGE.write_text(BEFORE + HEADING + table(), encoding="utf-8")
    else:
        unittest.main()
