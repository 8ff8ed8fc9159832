"""Whole walkthroughs, as `trace` prints them: each file of walkthroughs/ is a command and its
output. With FRAMEWIRE_WRITE_WALKTHROUGHS=1 they are written anew; what changed must then be read.
Their numbers are compared with their bytes, so that this cannot hide a fault.
"""
import json
import os
import re
import shlex
import unittest
from pathlib import Path

from command_line import CommandTest
from transcripts import bytes_of, kind_of, kinds_of

FOLDER = Path(__file__).parent / "walkthroughs"
WRITE = os.environ.get("FRAMEWIRE_WRITE_WALKTHROUGHS") == "1"


def without_comments(text):
    return "".join(f"{line}\n" for line in text.splitlines() if not line.startswith("#"))


class WalkthroughsTest(CommandTest):

    def setUp(self):
        self.files = sorted(FOLDER.glob("*.txt"))

    def run_line(self, line, *more):
        """`framewire trace ...`, perhaps `<<< INPUT`: `$` in front makes `\\n` line ends."""
        words = shlex.split(line)
        self.assertEqual(["framewire", "trace"], words[:2], line)
        data = ""
        if "<<<" in words:
            words, data = words[:words.index("<<<")], words[-1] + "\n"
        if data.startswith("$"):
            data = data[1:].replace("\\n", "\n")
        done = self.run_command(*words[1:2], *more, *words[2:], data=data.encode())
        self.assertEqual(b"", done.stderr)
        text = done.stdout.decode()
        is_wrong = re.search(r"(?m)^=>? failed (frame|io\.timeout)|^# the .* is incomplete", text)
        if done.returncode == 0:
            self.assertIsNone(is_wrong, text)
        return text

    def test_they_are_what_is_printed(self):
        for file in self.files:
            with self.subTest(file.name):
                line, _, expected = file.read_text().partition("\n")
                printed = self.run_line(line)
                if WRITE:
                    file.write_text(f"{line}\n{printed}")
                else:
                    self.assertEqual(expected, printed)

    def test_they_are_transcripts_that_say_the_same_again(self):
        for file in self.files:
            with self.subTest(file.name):
                line, _, text = file.read_text().partition("\n")
                self.assertNotIn(None, kinds_of(text))
                plain = without_comments(text)
                self.assertEqual(plain, without_comments(self.run_line(line, "--brief")))
                again = self.run_command("trace", "--hex", "-", "--brief", data=plain.encode())
                self.assertEqual(plain, without_comments(again.stdout.decode()))

    def test_rulers_fit_a_terminal(self):
        for file in self.files:
            for line in file.read_text().splitlines():
                if re.match(r"# (position|byte|text|  +[-|^0-9a-z])", line):
                    self.assertLessEqual(len(line), 80, file.name)

    def test_their_chunks_are_the_bytes_below_them(self):
        for file in self.files:
            text = file.read_text()
            with self.subTest(file.name):
                said = re.findall(r"(?m)^# chunk (\d+) of (\d+): (\d+) bytes?, "
                                  r"(\d+)(?: to (\d+))?$", text)
                chunks = [bytes_of(line, "<") for line in text.splitlines()
                          if line.startswith("<") and kind_of(line) == "bytes"]
                at = 0
                self.assertEqual(len(chunks), len(said))
                for number, (row, chunk) in enumerate(zip(said, chunks), 1):
                    last = at + len(chunk) - 1
                    self.assertEqual((number, len(chunks), len(chunk), at, last),
                                     tuple(int(each or row[3]) for each in row))
                    at += len(chunk)
                self.assertIn(f"\n# {at} bytes in {len(chunks)} chunk", text)
                positions = [int(each) for row in re.findall("(?m)^# position +(.*)", text)
                             for each in row.split()]
                self.assertEqual(list(range(at)), positions)

    def test_their_parts_leave_no_byte_out(self):
        for file in self.files:
            text = file.read_text()
            with self.subTest(file.name):
                at = 0
                for begin, end in re.findall(
                        r"(?m)^# (?:header|payload|trailer) +(\d+)(?: to (\d+))? +\S",
                        text.partition("\n# chunk 1 of ")[0]):
                    self.assertEqual(at, int(begin))
                    at = int(end or begin) + 1
                if "= failed frame" not in text or "frame.truncated" in text:
                    self.assertIn(f"\n# {at} bytes in ", text)

    def test_their_checks_are_true(self):
        """What is counted, what is announced, and whether a frame is told behind it."""
        for file in self.files:
            text = file.read_text()
            with self.subTest(file.name):
                checks = re.findall(r"(?m)^# check +(\d+) (<|>=) (\d+)(?: bytes of header)?, "
                                    r"(.*)\n(.)", text)
                for counted, sign, announced, verdict, following in checks:
                    is_enough = int(counted) >= int(announced)
                    self.assertEqual(is_enough, sign == ">=")
                    self.assertEqual(verdict.startswith("complete"), following == "=")
                    if not is_enough:
                        self.assertTrue(verdict.startswith("continue"))
                told = re.findall(r"(?m)^# check .*(?:complete|wrong).*\n=", text)
                late = re.findall(r"(?m)^= (?:finished|failed (?:io|frame.truncated))|"
                                  r"^< eof\n= frame", text)
                self.assertEqual(len(re.findall("(?m)^= ", text)), len(told) + len(late))

    def test_every_framing_has_one(self):
        specs = {re.search(r"(?m)^framing (.*)", file.read_text())[1] for file in self.files}
        names = {re.split("[:,]", spec)[0] for spec in specs}
        for framing in json.loads(self.assert_done("framings", "--json")):
            every = re.sub(r"\[.*?\]", "", framing["spec"]).split("|")
            self.assertLessEqual({one.split(":")[0] for one in every}, names)
        for protocol in json.loads(self.assert_done("protocols", "--json")):
            self.assertIn(protocol["framing"], specs)


if __name__ == "__main__":
    unittest.main()
