"""`trace`: the bytes of messages, chunk by chunk as a receiver gets them, and the frames that its
decoder finds in them.
"""
import json
import re
import unittest
from pathlib import Path

from command_line import BINARY, CommandTest
from terminal import Terminal
from transcripts import BYTES, bytes_of, frame_of, kind_of, kinds_of, message_for

LONGER = "This is a longer message"


def chunks_of(text):
    """The bytes of each line from the peer."""
    return [bytes_of(line, "<") for line in text.splitlines()
            if line.startswith("<") and kind_of(line) == "bytes"]


def events_of(text):
    return [line[2:] for line in text.splitlines() if line.startswith("= ")]


class TraceTest(CommandTest):

    def trace(self, *words):
        text = self.assert_done("trace", *words).decode()
        self.assertNotIn(None, kinds_of(text), text)
        return text

    def test_the_walkthrough(self):
        text = self.trace("walkthrough", "--chunk", "15", LONGER)
        self.assertEqual([b"0000000024This ", b"is a longer mes", b"sage"], chunks_of(text))
        self.assertEqual([f'frame "{LONGER}" at 0', "finished"], events_of(text))
        lines = text.splitlines()
        self.assertEqual("framing digits:10,count=chars", lines[0])
        self.assertLess(lines.index('< "sage"'), lines.index(f'= frame "{LONGER}" at 0'))

    def test_sizes_that_the_material_gets_wrong(self):
        for message, size in ((LONGER, 24), ("Hello World Test", 16), ("Hello World!", 12)):
            text = self.trace("walkthrough", message)
            self.assertEqual([f"{size:010d}{message}".encode()], chunks_of(text))

    def test_a_frame_is_told_with_the_chunk_that_completes_it(self):
        text = self.trace("walkthrough", "--chunk", "12", "one", "two")
        lines = [line for line in text.splitlines() if not line.startswith("#")]
        self.assertEqual(['< "0000000003on"', '< "e0000000003t"', '= frame "one" at 0', '< "wo"',
                          '= frame "two" at 13'], lines[1:6])

    def test_the_counts_of_the_walkthrough(self):
        text = self.trace("walkthrough", "--chunk", "15", LONGER)
        self.assertIn("\n# 34 bytes in 3 chunks of 15, 15 and 4\n", text)
        self.assertEqual(["5 < 24, continue", "20 < 24, continue", "24 >= 24, complete"],
                         self.told(text, "check"))
        states = ["a new message", 'in a message of 24 characters, 5 assembled: "This "',
                  'in a message of 24 characters, 20 assembled: "This is a longer mes"',
                  "a new message"]
        self.assertEqual(states[:-1], self.told(text, "before"))
        self.assertEqual(states[1:], self.told(text, "after"))
        self.assertEqual(['1 of 3: 15 bytes, 0 to 14', '2 of 3: 15 bytes, 15 to 29',
                          '3 of 3: 4 bytes, 30 to 33'], re.findall("(?m)^# chunk (.*)", text))
        self.assertEqual(list(range(34)), self.positions(text))

    def test_the_positions_of_the_first_example(self):
        text = self.trace("walkthrough", "Hello World!")
        self.assertEqual(list(range(22)), self.positions(text))
        self.assertEqual(["0000000012Hello␣World!"],
                         ["".join(row.split()) for row in self.told(text, "byte")])
        self.assertIn('# header    0 to 9      "0000000012" = 12 characters\n', text)
        self.assertIn('# payload   10 to 21    "Hello World!"\n', text)

    def test_a_character_that_is_cut_is_not_counted(self):
        text = self.trace("walkthrough", "--split-at", "12", "é€")
        self.assertEqual(["1 < 2, continue", "2 >= 2, complete"], self.told(text, "check"))
        text = self.trace("walkthrough", "--split-at", "13", "é€")
        self.assertEqual(["1 < 2, continue", "2 >= 2, complete"], self.told(text, "check"))
        text = self.trace("walkthrough", "--split-at", "11", "é€")
        self.assertEqual(["0 < 2, continue", "2 >= 2, complete"], self.told(text, "check"))

    def told(self, text, label):
        return re.findall(rf"(?m)^# {label} +(.*)", text)

    def positions(self, text):
        return [int(each) for row in self.told(text, "position") for each in row.split()]

    def test_an_unfinished_frame_is_guessed(self):
        def last(data, *options):
            done = self.run_command("trace", "-f", "u16be", *options, "-", data=data)
            self.assertEqual((1, b""), (done.returncode, done.stderr))
            return done.stdout.decode().splitlines()[-1]

        self.assertEqual("# guess     looks like an HTTP request", last(b'"GET / HTTP/1.1"'))
        self.assertIn("# after", last(b'00 05 "Hell"'))
        self.assertIn("<", last(b'"GET / HTTP/1.1"', "--brief"))

    def test_brief_leaves_out_the_comments_and_nothing_else(self):
        for words in (("walkthrough", "--chunk", "15", LONGER), ("--framing", "mllp", "a", "b"),
                      ("greeting",), ("echo", "--chunk", "2", "Hello")):
            plain = [line for line in self.trace(*words).splitlines() if line[0] != "#"]
            self.assertEqual(plain, self.trace(*words, "--brief").splitlines())

    def test_colour_is_for_terminals_that_want_it(self):
        words = ("trace", "walkthrough", "--chunk", "15", LONGER)
        plain = self.assert_done(*words)
        self.assertNotIn(b"\x1b", plain)
        lines = plain.replace(b"\n", b"\r\n")
        for environment, more, coloured in (
                ({"NO_COLOR": None}, (), True), ({"NO_COLOR": ""}, (), True),
                ({"NO_COLOR": "1"}, (), False), ({"NO_COLOR": None, "TERM": "dumb"}, (), False),
                ({"NO_COLOR": None, "TERM": None}, (), False),
                ({"NO_COLOR": None}, ("--brief",), False)):
            with self.subTest(environment=environment, more=more):
                terminal = Terminal(self, [BINARY, *words, *more], environment=environment)
                self.assertEqual(0, terminal.finish())
                raw = bytes(terminal.raw).rstrip(b"\0")
                self.assertEqual(coloured, b"\x1b[36m" in raw)
                self.assertEqual(coloured, b"\x1b" in raw)
                if not more:
                    self.assertEqual(lines, re.sub(rb"\x1b\[[0-9;]*m", b"", raw))

    def test_every_chunk_size_finds_the_same(self):
        messages = ("Hello", "", "héllo 🎉")
        whole = self.trace("walkthrough", *messages)
        self.assertEqual(['frame "Hello" at 0', 'frame "" at 15', 'frame "héllo 🎉" at 25',
                          "finished"], events_of(whole))
        for chunk in range(1, 30, 3):
            text = self.trace("walkthrough", "--chunk", str(chunk), *messages)
            self.assertEqual(events_of(whole), events_of(text))
            self.assertEqual(chunks_of(whole)[0], b"".join(chunks_of(text)))
            self.assertEqual({chunk}, {len(part) for part in chunks_of(text)[:-1]})

    def test_characters_are_counted(self):
        self.assertEqual(["0000000005héllo".encode()],
                         chunks_of(self.trace("walkthrough", "héllo")))
        self.assertEqual(["0000000006héllo".encode()],
                         chunks_of(self.trace("--framing", "digits:10", "héllo")))

    def test_every_protocol(self):
        for protocol in json.loads(self.assert_done("protocols", "--json")):
            with self.subTest(protocol["name"]):
                text = self.trace(protocol["name"])
                self.assertTrue(text.startswith(f"framing {protocol['framing']}\n"), text)
                self.assertRegex(text, rf"(?m)^= frame {BYTES} at 0$")

    def test_every_framing(self):
        for framing in json.loads(self.assert_done("framings", "--json")):
            spec = framing["example"]
            with self.subTest(spec):
                message = message_for(spec)
                text = self.trace("--framing", spec, "--chunk", "3", message)
                self.assertTrue(text.startswith(f"framing {spec}\n"), text)
                self.assertEqual([3], list({len(part) for part in chunks_of(text)[:-1]}))
                self.assertEqual("finished", events_of(text)[-1])
                if spec != "raw":  # whose frames are the chunks
                    self.assertEqual([(message, 0)], list(map(frame_of, events_of(text)[:-1])))

    def test_every_example(self):
        """What is shown without a message is of the framing's own kind."""
        for row in json.loads(self.assert_done("framings", "all", "--json")):
            spec = row.get("example") or row["name"]
            if row["bytes"] and "first=" not in row["spec"]:
                with self.subTest(spec):
                    text = self.trace("--framing", spec)
                    self.assertEqual(bytes_of(f"< {row['bytes']}", "<"), bytes_of(text, "<"))

    def test_raw(self):
        text = self.trace("echo", "--chunk", "3", "Hello")
        self.assertEqual(['frame "Hel" at 0', 'frame "lo" at 3', "finished"], events_of(text))

    def test_padding(self):
        text = self.trace("acknowledge", "Hello")
        self.assertEqual([b"5".ljust(64) + b"Hello"], chunks_of(text))
        self.assertEqual(['frame "Hello" at 0', "finished"], events_of(text))

    def test_default_message(self):
        self.assertIn('= frame "Hello" at 0', self.trace("walkthrough"))
        self.assertIn('= frame "Greetings,server" at 0', self.trace("greeting"))

    def test_messages_behind_the_border(self):
        self.assertEqual(['frame "--chunk" at 0', "finished"],
                         events_of(self.trace("walkthrough", "--", "--chunk")))

    def test_chunks_with_a_unit(self):
        text = self.trace("walkthrough", "--chunk", "1KiB", "x" * 2000)
        self.assertEqual([1024, 986], [len(part) for part in chunks_of(text)])

    def test_a_message_that_the_framing_cannot_carry(self):
        for words, part in ((("greeting", "short"), "frame.wrong_size"),
                            (("--framing", "digits:1", "x" * 10), "frame.too_large"),
                            (("--framing", "digits:10,max=4", "Hello"), "frame.too_large")):
            with self.subTest(words):
                self.assert_fails(1, ["trace", *words], part)


    def test_one_of_several_connections_of_a_transcript(self):
        path = Path(self.folder(), "two.transcript")
        path.write_text('framing line\n< "a\\n"\n@ 1500us\nconnection 7\n< "b\\n"\n',
                        encoding="utf-8")
        self.assertEqual('framing line\n< "b\\n"\n= frame "b" at 0\n',
                         self.trace("--brief", path, "--stream", "7"))
        self.assert_fails(1, ["trace", path], "the transcript has 2 connections")
        self.assert_fails(1, ["trace", path, "--stream", "2"], "there is no connection 2")


class TranscriptForms(unittest.TestCase):
    """The checkers of transcripts.py."""

    def test_kinds(self):
        for line, kind in (('< 30 ff "a\\"b\\n\\x1b"', "bytes"), ("# x", "comment"),
                           ("framing digits:10 max=64", "framing"), ("@ 5s", "clock"),
                           ("< eof", "end"), ("< reset", "end"), ('= frame "a" at 0', "event"),
                           ("= finished", "event"), ("= skipped 5 at 0", "event"),
                           ("= failed frame.syntax at 3: words", "event"), ("", None),
                           ('< "a', None), ("< 3", None), ('< "\\q"', None), ("hello", None),
                           ('< "\x1b"', None), ("= frame Hello at 0", None), ("@ 5", None)):
            self.assertEqual(kind, kind_of(line), line)

    def test_bytes(self):
        self.assertEqual(b'0\xffa"\n\\\x1b\xc3\xa9',
                         bytes_of('# no\n< 30 ff "a\\"\\n"\n> 31\n< "\\\\\\x1bé"\n< eof', "<"))


if __name__ == "__main__":
    unittest.main()
