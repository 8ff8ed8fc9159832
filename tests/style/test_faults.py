"""docs/faults.md and the tests that are named after its rows: every row has one, and every number
that a test has is a row.
"""
import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

FRAMES, TCP, SERVICES, STORES, CROWDS = (range(1, 37), range(40, 54), range(54, 59),
                                         range(60, 82), range(151, 153))
NOT_THERE = {25, 31, 33}  # the document says why

ROW = re.compile(r"^\| (\d+) \|", re.MULTILINE)
UNIT_TEST = re.compile(r"^TEST(?:_[FP])?\(\s*\w+,\s*row_(\d\d\d?)(?:_and_(\d\d))?_", re.MULTILINE)
PYTHON_TEST = re.compile(r"^    def test_row_(\d\d)(?:_and_(\d\d))?_", re.MULTILINE)
TRANSCRIPT = re.compile(r"row_(\d\d)_\w+\.transcript")


def rows_of(document):
    return {int(number) for number in ROW.findall(document)}


def rows_tested_by(what, document):
    """The rows that name it in their last column."""
    lines = re.findall(r"^\| (\d+) \|.*\| ([^|]+) \|$", document, re.MULTILINE)
    return {int(number) for number, where in lines if what in re.split(r"[,;] ", where)}


def rows_tested_in(code):
    return {int(number) for test in (UNIT_TEST, PYTHON_TEST) for found in test.findall(code)
            for number in found if number}


def rows_shown(names):
    return {int(found[1]) for found in map(TRANSCRIPT.fullmatch, names) if found}


class Faults(unittest.TestCase):

    def setUp(self):
        self.document = (ROOT / "docs/faults.md").read_text(encoding="utf-8")
        self.shown = rows_shown(file.name for file in (ROOT / "tests/transcripts").iterdir())
        tests = [file for pattern in ("unit/**/*.cpp", "durability/*.py", "torture/*.py")
                 for file in (ROOT / "tests").glob(pattern)]
        self.tested = set().union(*(rows_tested_in(file.read_text(encoding="utf-8"))
                                    for file in tests))

    def test_every_number_is_a_row_or_explained(self):
        self.assertEqual({*FRAMES, *TCP, *SERVICES, *STORES, *CROWDS} - NOT_THERE,
                         rows_of(self.document))
        explained = self.document.partition("### Numbers without a row")[2].partition("\n## ")[0]
        self.assertEqual(NOT_THERE, {int(number) for number in re.findall(r"\b\d+\b", explained)})

    def test_every_row_has_a_test(self):
        self.assertEqual(rows_of(self.document), self.tested | self.shown)

    def test_transcripts_are_named_where_there_are_some(self):
        self.assertEqual(self.shown, rows_tested_by("transcripts", self.document))

    def test_every_named_file_is_there(self):
        named = re.findall(r"`(tests/[\w/]+\.cpp)`", self.document)
        self.assertGreater(len(named), 8)
        for path in named:
            self.assertTrue((ROOT / path).is_file(), path)


class Reading(unittest.TestCase):
    """The functions above, on texts made up for them."""

    def test_rows(self):
        document = ("| row | x | y |\n| 7 | a | b |\n| 7 | c | d |\n| 40 | 8 | d, b |\n"
                    "| a | 9 | b |\n")
        self.assertEqual({7, 40}, rows_of(document))
        self.assertEqual({7, 40}, rows_tested_by("b", document))
        self.assertEqual({7}, rows_tested_by("b", document.replace("d, b", "bd")))

    def test_unit_tests(self):
        self.assertEqual({1, 2, 16, 20}, rows_tested_in(
            "TEST(faults_a, row_01_and_02_signs) {\nTEST_P(x, row_16_y) {\n"
            "TEST(faults_a,\n     row_20_long) {\n// TEST(x, row_17_y)\n"))
        self.assertEqual({61, 73}, rows_tested_in(
            "    def test_row_61_and_73_x(self):\n    # def test_row_62_x\n"))

    def test_transcripts(self):
        self.assertEqual({3, 24}, rows_shown(
            ["row_03_a.transcript", "row_24_b.transcript", "row_30.md", "x_row_31_y.transcript"]))


if __name__ == "__main__":
    unittest.main()
