"""What `send` takes and gives as bytes: escapes, hexadecimal digits, files in the order of the
command line, frames on standard input; one file for each reply, replies that are framed again.
"""
import os
import pty
import subprocess
import unittest
from pathlib import Path

from command_line import BINARY, HOST, TIMEOUT, CommandTest, tied_to_us
from json_events import events_of, payload_of

FRAMED = ("--framing", "u32be")


def framed(*payloads):
    return b"".join(len(payload).to_bytes(4, "big") + payload for payload in payloads)


class BytesTest(CommandTest):
    """One server, which echoes frames."""

    def setUp(self):
        self.at = f"{HOST}:{self.server(*FRAMED, '--quiet').port}"

    def send(self, *words, data=b""):
        """What comes back, with its borders."""
        return self.assert_done("send", self.at, *FRAMED, "--output-framing", "u32be", *words,
                                data=data)

    def in_folder(self, **files):
        """A folder with these files, as the working directory of commands."""
        folder = Path(self.folder())
        for name, content in files.items():
            (folder / name).write_bytes(content)
        return folder

    def run_in(self, folder, *words):
        command = tied_to_us([str(word) for word in (BINARY.resolve(), "send", *words)])
        return subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=TIMEOUT, check=False)


class Escapes(BytesTest):

    def test_messages(self):
        self.assertEqual(framed(b"\x02hi\x03", b"\0\r\n\t\\", "é".encode(), b"\x06"), self.send(
            "-e", r"\x02hi\x03", r"\0\r\n\t\\", r"\u00e9", "--", r"\x06"))

    def test_lines(self):
        self.assertEqual(framed(b"a\nb", b"c"), self.send("-e", data=b"a\\nb\nc\n"))

    def test_without_the_option_nothing_is_read(self):
        self.assertEqual(framed(rb"\x02"), self.send(r"\x02"))

    def test_files_are_as_they_are(self):
        self.assertEqual(framed(rb"\x02"), self.send("-e", "--file", self.file_with(rb"\x02")))

    def test_no_escape(self):
        self.assert_fails(2, ["send", self.at, *FRAMED, "-e", r"C:\dir"],
                          "at 2: this backslash begins no escape", "hint: ")
        self.assert_fails(1, ["send", self.at, *FRAMED, "-e"], "begins no escape", data=b"\\q\n")

    def test_hexadecimal_digits(self):
        self.assertEqual(framed(b"\x02Hi", b"one", b"\xff\0", b"\1"),
                         self.send("--hex", "02 48 69", "one", "--hex", "ff:00", "--hex", "01"))
        self.assert_fails(2, ["send", self.at, *FRAMED, "--hex", "0x02"], "at 0: expected two")

    def test_services(self):
        server = self.server(*FRAMED, "--service", r"reply:\x06\r\u00e9")
        at = f"{HOST}:{server.port}"
        self.assertEqual(b"\x06\r\xc3\xa9\n", self.assert_done("send", at, *FRAMED, "hi"))
        self.assert_fails(2, ["serve", *FRAMED, "unix:/nowhere", "-s", r"reply:\q"],
                          "begins no escape")


class InOrder(BytesTest):

    def test_a_file_for_each_word_that_the_shell_makes(self):
        folder = self.in_folder(**{"a.hl7": b"AAA", "b.hl7": b"BBB", "c.hl7": b"CCC"})
        done = self.run_in(folder, self.at, *FRAMED, "--file", "a.hl7", "b.hl7", "c.hl7")
        self.assertEqual((0, b"AAA\nBBB\nCCC\n", b""), (done.returncode, done.stdout, done.stderr))

    def test_messages_and_files(self):
        folder = self.in_folder(a=b"A", b=b"B", c=b"C")
        done = self.run_in(folder, self.at, *FRAMED, "one", "--hex", "32", "--file", "a", "b",
                           "--timeout", "9s", "three", "--file", "c", "--", "--four")
        self.assertEqual((0, "one\n2\nA\nB\nthree\nC\n--four\n", b""),
                         (done.returncode, done.stdout.decode(), done.stderr))

    def test_an_address_after_files(self):
        folder = self.in_folder(a=b"A", b=b"B")
        for target in ([self.at, *FRAMED], ["u32be", self.at], ["echo", self.at, *FRAMED]):
            with self.subTest(target):
                done = self.run_in(folder, "--file", "a", "b", *target)
                self.assertEqual((0, b"A\nB\n", b""),
                                 (done.returncode, done.stdout, done.stderr))

    def test_a_name_that_is_no_file(self):
        """It is not sent as its name; nothing is sent."""
        folder = self.in_folder(a=b"A")
        for name in ("typo.hl7", "line", ":7000"):
            with self.subTest(name):
                done = self.run_in(folder, self.at, *FRAMED, "--file", "a", name)
                self.assertEqual((1, b""), (done.returncode, done.stdout))
                self.assert_error(done.stderr, "send", f"cannot read '{name}'")

    def test_a_name_that_is_sent(self):
        folder = self.in_folder(a=b"A", b=b"B")
        done = self.run_in(folder, self.at, *FRAMED, "a", "--file", "b")
        self.assertEqual((0, b"a\nB\n"), (done.returncode, done.stdout))
        self.assert_error(done.stderr, "send", "'a' is sent as text", "--file")


class StandardInput(BytesTest):

    def test_frames(self):
        data = framed(b"one\n", b"", b"\0" * 70_000, b"four")
        self.assert_bytes(data, self.send("--framed", "u32be", data=data))
        self.assertEqual(framed(b"a\nb", b"c"), self.send("--framed", "netstring",
                                                          data=b"3:a\nb,1:c,"))

    def test_each_as_soon_as_it_is_complete(self):
        client = self.start([BINARY, "send", self.at, *FRAMED, "--framed", "netstring"])
        for text in ("3:one,", "3:two,"):
            client.feed(text[:3], last=False)
            client.feed(text[3:], last=False)
            client.wait_for_lines(1 if text == "3:one," else 2)
        client.feed("", last=True)
        self.assertEqual((0, ["one", "two"]), (client.finish(), client.lines()))

    def test_what_is_no_frame(self):
        for data, part in ((b"3:one,x", "frame.syntax at 6"), (b"3:one,3:t", "frame.truncated"),
                           (b"9:too large,", "frame.too_large")):
            with self.subTest(data):
                done = self.run_command("send", self.at, *FRAMED, "--framed", "netstring",
                                        "--max-payload", "5", data=data)
                self.assertEqual(1, done.returncode, done)
                self.assert_error(done.stderr, "send", "standard input: ", part)

    def test_a_framing_that_is_none(self):
        for spec, part in (("raw", "raw has no frames"), ("bogus", 'unknown framing "bogus"')):
            self.assert_fails(2, ["send", self.at, *FRAMED, "--framed", spec], part)


class Output(BytesTest):

    def test_a_file_for_each_reply(self):
        for pattern, names in (("%d.bin", ("1.bin", "2.bin", "3.bin")),
                               ("re-%03d", ("re-001", "re-002", "re-003"))):
            with self.subTest(pattern):
                folder = self.in_folder()
                self.assertEqual(b"", self.assert_done(
                    "send", self.at, *FRAMED, "one", "", "three", "-o", folder / pattern))
                self.assertEqual([b"one", b"", b"three"],
                                 [(folder / name).read_bytes() for name in names])
                self.assertEqual(sorted(names), sorted(os.listdir(folder)))

    def test_a_folder_that_is_not_there(self):
        self.assert_fails(1, ["send", "unix:/nowhere", *FRAMED, "x", "-o", "/nonexistent/%d"],
                          "cannot write '/nonexistent/%d': no such file or directory")

    def test_frames_again(self):
        file = self.in_folder() / "replies"
        self.assertEqual(b"", self.assert_done("send", self.at, *FRAMED, "one", "", "a\nb",
                                               "-o", file, "--output-framing", "netstring"))
        self.assertEqual(b"3:one,0:,3:a\nb,", file.read_bytes())
        self.assert_fails(1, ["send", self.at, *FRAMED, "-e", r"a\nb", "--output-framing",
                              "line"], "--output-framing: frame.delimiter")

    def test_frames_in_files(self):
        folder = self.in_folder()
        self.assert_done("send", self.at, *FRAMED, "one", "two", "-o", folder / "%d",
                         "--output-framing", "netstring")
        self.assertEqual(b"3:two,", (folder / "2").read_bytes())

    def test_events(self):
        """Whole, however large."""
        large = bytes(range(256)) * 1000
        events = events_of(self.assert_done("send", self.at, *FRAMED, "one", "--file",
                                            self.file_with(large), "--json"))
        self.assertEqual(["connected", *["frame"] * 4, "ended", "closed"],
                         [one["event"] for one in events])
        self.assertEqual([("sent", b"one"), ("received", b"one"), ("sent", large),
                          ("received", large)],
                         [(one["direction"], payload_of(one)) for one in events[1:5]])

    def test_events_of_what_fails(self):
        done = self.run_command("send", self.at, *FRAMED, "one", "--replies", "2", "--json",
                                "--wait", "50ms")
        self.assertEqual(1, done.returncode)
        events = events_of(done.stdout)
        self.assertEqual(["connected", "frame", "frame", "ended", "closed", "failed"],
                         [one["event"] for one in events])
        self.assertIn("1 of 2 replies", events[-1]["message"])
        with open("/dev/full", "wb") as full:
            done = subprocess.run(
                tied_to_us([str(BINARY), "send", self.at, *FRAMED, "one", "--json"]), stdout=full,
                stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=TIMEOUT, check=False)
        self.assertEqual(1, done.returncode)
        self.assert_error(done.stderr, "send", "no space left on device")

    def test_a_terminal(self):
        """Control characters are escaped, a CR too, unless they are wanted."""
        message = "MSH|^~\\&|\rMSA|AA|1\r\x1b[31m"
        for words, expected in (([], rb"MSH|^~\&|\rMSA|AA|1\r\x1b[31m"),
                                (["--raw"], message.encode())):
            with self.subTest(words):
                ours, terminal = pty.openpty()
                done = subprocess.run(
                    tied_to_us([str(BINARY), "send", self.at, *FRAMED, *words, message]),
                    stdin=subprocess.DEVNULL, stdout=terminal, timeout=TIMEOUT, check=False)
                os.close(terminal)
                self.assertEqual(0, done.returncode)
                self.assertEqual(expected + b"\r\n", os.read(ours, 4096))
                os.close(ours)


if __name__ == "__main__":
    unittest.main()
