"""`check`: rows about lengths and frames of other framings than digits. Somebody fails each row of
the catalogue.
"""
import re
import unittest
from pathlib import Path

import lenient_servers as lenient
from checking import CheckTest
from mistaken_servers import MistakenServer

FOLDER = Path(__file__).resolve().parent
DOCUMENT = FOLDER.parents[1] / "docs/check.md"


class Rows(CheckTest):

    def assert_fails(self, serve, spec, *cases):
        for case in cases:
            with self.subTest(case):
                server = MistakenServer(self, serve)
                found, text = self.check(server.port, "-f", spec, "--only", case, "--timeout",
                                         "500ms", status=1)
                self.assertEqual({"fail": [case]}, found, text)

    def test_lengths_with_an_end(self):
        self.assert_fails(lenient.netstring, "netstring", "length.leading-zero", "length.end",
                          "frame.end")

    def test_fields(self):
        self.assert_fails(lenient.fields, "content-length", "length.fields")

    def test_binary_lengths(self):
        self.assert_fails(lenient.signed, "u32be", "length.negative")
        self.assert_fails(lenient.with_itself, "u16be,adjust=-2", "length.below-header")
        self.assert_fails(lenient.varint, "varint", "length.varint")
        self.assert_fails(lenient.bcd, "bcd:2", "length.bcd")

    def test_first_and_last_bytes(self):
        self.assert_fails(lenient.mllp, "mllp", "frame.start", "frame.end")
        self.assert_fails(lenient.line, "line,max=16", "frame.no-end")

    def test_sizes_and_contents(self):
        self.assert_fails(lenient.refuses_the_largest, "digits:10,max=100", "payload.largest")
        self.assert_fails(lenient.unwraps, "digits:10", "payload.frames")

    def test_load(self):
        self.assert_fails(lenient.has_a_short_queue, "digits:10", "load.pipelined")
        self.assert_fails(lenient.ForgetsToFree(), "digits:10", "load.in-turn")

    def test_somebody_fails_each_row(self):
        listed = [self.assert_done("check", "--list", *words).decode()
                  for words in ((), ("--listen",))]
        rows = set(re.findall(r"(?m)^\d{3}  ([\w.-]+)", "".join(listed)))
        tests = "".join(path.read_text() for path in FOLDER.glob("test_check*.py"))
        tables = "".join(re.findall(r"(?m)^\| `\w+` \| (.*?) \|", DOCUMENT.read_text()))
        failed = set(re.findall(r'"(\w+\.[\w-]+)"', tests) + re.findall(r"`([\w.-]+)`", tables))
        self.assertEqual(set(), rows - failed)
        self.assertGreater(len(rows), 60)


if __name__ == "__main__":
    unittest.main()
