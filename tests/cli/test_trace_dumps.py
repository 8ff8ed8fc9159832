"""`trace` of what other programs print of bytes: it reads these bytes, or says why it cannot."""
import base64
import random
import re
import shutil
import struct
import subprocess
import unittest
from pathlib import Path

from captures import ETHERNET, RAW_IP, Capture
from command_line import TIMEOUT, CommandTest
from json_events import events_of, payload_of

SAMPLE = b"\0\0\0\5Hello\0\0\0\x0c\x000\"\\\xff\n'\x80\x7f\tAb"
TEXTS = {
    "sample": SAMPLE,
    "every byte": bytes(range(256)),
    "one letter": b"A",
    "a control and a space": b"\n ",
    "lines repeated": b"\0" * 100 + b"hi\n" + b"0123456789abcdef" * 9 + b"x" * 7,
    "zeros at the end": b"abc" + b"\0" * 98,
    "the same line to the end": b"\xff" * 33,
    "like a dump": b"00 | 30  31 |32|  0010  >< # 3031 |  00000010  30 31  32  |x|\n* *\n  |",
    "digits": b"0123456789" * 5 + b"abc",
    "sixteen digits": b"0000000000000016",
    "spaces": b" " * 50,
}
LARGE = random.Random(7).randbytes(70_001)
# What a refusal says where the text does not show which bytes they are.
AMBIGUOUS = re.compile(rb"these may be [a-z ]+ or |these offsets may have base |"
                       rb"without offsets nothing says how many|does not show whether|"
                       rb"there are no bytes: the text is empty")


def program(name):
    return shutil.which(name, path="/usr/bin:/usr/sbin:/bin")


def needs(name):
    return unittest.skipUnless(program(name), f"there is no {name}")


def of_od():
    """(words of the command, options of trace, the size of a word that zeros may fill)"""
    for base in "xdon":
        for unit in ("x1", "x1z", "c", "o1", "u1", "d1"):
            yield ["-A", base, "-t", unit], [], 1
        for unit in ("x2", "x4z", "o4", "d8"):
            for order in ("little", "big"):
                filled = int(unit[1]) if base == "n" and "z" not in unit else 1
                yield (["-A", base, "-t", unit, f"--endian={order}"],
                       ["--words", order], filled)
    yield [], ["--words", "little"], 1
    yield ["-v"], ["--words", "little"], 1
    yield ["-v", "-A", "n", "-t", "c"], [], 1
    yield ["-w5", "-t", "x1"], [], 1
    yield ["-w32", "-A", "x", "-t", "u1"], [], 1


class DumpTest(CommandTest):

    def printed(self, *words, data=b""):
        done = subprocess.run([program(words[0]), *words[1:]], input=data, capture_output=True,
                              timeout=TIMEOUT, check=False)
        self.assertEqual(0, done.returncode, done)
        return done.stdout

    def read(self, text, *options):
        """The bytes of both sides, or the refusal."""
        done = self.run_command("trace", "-f", "raw", "--json", *options, "-", data=text)
        if done.returncode:
            self.assert_error(done.stderr, "trace")
            return done.stderr
        found = {"received": b"", "sent": b""}
        for event in events_of(done.stdout):
            if event["event"] == "frame":
                found[event["direction"]] += payload_of(event)
        return found["received"], found["sent"]

    def expect(self, data, text, *options):
        self.assertEqual((data, b""), self.read(text, *options), text[:300].decode())

    def expect_or_ambiguous(self, data, text, *options):
        """True if it was read."""
        found = self.read(text, *options)
        if isinstance(found, bytes):
            self.assertRegex(found, AMBIGUOUS, text[:300].decode())
            return False
        self.assertEqual((data, b""), found, text[:300].decode())
        return True

    def expect_each(self, tool, forms, texts=None):
        """Every form of every text; returns the refused ones."""
        refused = []
        for words, options, filled in forms:
            for name, data in (texts or TEXTS).items():
                with self.subTest(" ".join([tool, *words, *options]), text=name):
                    text = self.printed(tool, *words, data=data)
                    whole = data + b"\0" * (-len(data) % filled)
                    if not self.expect_or_ambiguous(whole, text, *options):
                        refused.append((" ".join(words), name))
        return refused


@needs("od")
class OdTest(DumpTest):

    def test_every_form(self):
        refused = self.expect_each("od", of_od())
        # Nothing is in doubt where the offsets have a base of their own and a text is shown.
        self.assertEqual([], [one for one in refused if one[0] == "-A x -t x1z"])
        self.assertIn(("-A x -t o1", "one letter"), refused)
        self.assertIn(("-A n -t x1", "lines repeated"), refused)

    def test_words_without_an_order(self):
        text = self.printed("od", "-t", "x2", data=SAMPLE[:16])
        self.assertIn(b"--words little", self.read(text))
        # A last word that is filled shows the order.
        for order in ("little", "big"):
            text = self.printed("od", "-t", "x4", f"--endian={order}", data=SAMPLE)
            self.expect(SAMPLE, text)

    def test_a_form_that_loses_bits(self):
        for base in "xn":
            text = self.printed("od", "-A", base, "-t", "a", data=SAMPLE)
            self.assertIn(b"leaves out the highest bit", self.read(text))

    def test_offsets_that_grow(self):
        self.expect(LARGE, self.printed("od", "-t", "x1", data=LARGE))
        self.expect(LARGE, self.printed("od", "-A", "d", "-t", "c", data=LARGE))


@needs("hexdump")
class HexdumpTest(DumpTest):

    def test_every_form(self):
        words = [([*form, *all_lines], ["--words", "little"], 1)
                 for form in ([], ["-x"], ["-d"], ["-o"]) for all_lines in ([], ["-v"])]
        octets = [([form, *all_lines], [], 1)
                  for form in ("-C", "-b", "-c") for all_lines in ([], ["-v"])]
        refused = self.expect_each("hexdump", words + octets)
        self.assertEqual([], [one for one in refused if one[0].startswith("-C")])

    def test_offsets_that_grow(self):
        self.expect(LARGE, self.printed("hexdump", "-C", data=LARGE))
        self.expect(LARGE, self.printed("hexdump", data=LARGE), "--words", "little")


@needs("xxd")
class XxdTest(DumpTest):

    def test_every_form(self):
        forms = ([], ["-p"], ["-i"], ["-d"], ["-b"], ["-e"], ["-u"], ["-g1"], ["-g0"], ["-g4"],
                 ["-c", "8"], ["-c", "20"], ["-a"], ["-o", "4096"], ["-p", "-c", "8"],
                 ["-b", "-c", "4"])
        refused = self.expect_each("xxd", [(words, [], 1) for words in forms])
        self.assertEqual([], [one for one in refused if one[0] in ("", "-p", "-i", "-d", "-b")])

    def test_offsets_that_grow(self):
        for words in ([], ["-d"], ["-p"], ["-i"]):
            self.expect(LARGE, self.printed("xxd", *words, data=LARGE))


class LanguagesTest(DumpTest):

    def test_python(self):
        texts = {**TEXTS, "large": LARGE}
        texts.pop("one letter")  # as a number it could be in any base
        for name, data in texts.items():
            for form in (repr, bytes.hex, lambda data: data.hex(" "), lambda data: data.hex(":"),
                         lambda data: str(list(data)), lambda data: repr(bytearray(data)),
                         lambda data: "\\x" + data.hex(":").replace(":", "\\x"),
                         lambda data: ", ".join(f"0x{byte:02x}" for byte in data)):
                with self.subTest(name):
                    self.expect(data, form(data).encode())

    def test_base64(self):
        for data in (*TEXTS.values(), LARGE):
            self.expect(data, base64.encodebytes(data), "--base64")
            self.expect(data, base64.urlsafe_b64encode(data).rstrip(b"="), "--base64")


def ethernet(capture):
    """A copy of a capture of IP, each record with a link header."""
    copy = Capture(capture.path.with_suffix(".eth"), ETHERNET)
    data = capture.path.read_bytes()
    at = 24
    while at < len(data):
        size = struct.unpack_from("<I", data, at + 8)[0]
        copy.write(bytes(12) + b"\x08\x00" + data[at + 16:at + 16 + size])
        at += 16 + size
    copy.file.close()
    return copy.path


class CapturedTest(DumpTest):
    """Programs that print what a capture has."""

    def setUp(self):
        super().setUp()
        capture = Capture(Path(self.folder(), "small.pcap"), RAW_IP)
        self.request, self.reply = SAMPLE * 3, b"OK" + bytes(range(256))
        capture.add([self.request[:40], self.request[40:]], [self.reply])
        capture.file.close()
        self.paths = capture.path, ethernet(capture)

    @needs("tcpdump")
    def test_tcpdump(self):
        for path in self.paths:
            for form in ("-x", "-X", "-xx", "-XX"):
                for more in ((), ("-v",), ("-t",), ("-S", "-e")):
                    with self.subTest(path.suffix, form=form, more=more):
                        text = self.printed("tcpdump", "-n", "-r", path, form, *more)
                        self.assertEqual((self.request, self.reply), self.read(text))

    @needs("tshark")
    def test_tshark(self):
        for form in ("hex", "raw", "yaml"):
            with self.subTest(form):
                text = self.printed("tshark", "-n", "-r", self.paths[0], "-q", "-z",
                                    f"follow,tcp,{form},0")
                self.assertEqual((self.request, self.reply), self.read(text))
        text = self.printed("tshark", "-n", "-r", self.paths[1], "-x")
        self.assertEqual((self.request, self.reply), self.read(text))


SPEAKS = """
import socket, sys
listener = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(listener.getsockname())
server, _ = listener.accept()
for sender, receiver, data in ((client, server, sys.argv[1]), (server, client, sys.argv[2])):
    sender.sendall(bytes.fromhex(data))
    receiver.recv(1 << 16)
"""


@needs("strace")
class StraceTest(DumpTest):

    def test_both_ends(self):
        """Calls on both ends of a connection: each descriptor alone is a conversation."""
        request, reply = SAMPLE, b"OK" + bytes(range(256))
        for form in ((), ("-x",), ("-xx",), ("-tt",), ("-r",)):
            with self.subTest(form):
                path = Path(self.folder(), "trace.txt")
                done = subprocess.run(
                    [program("strace"), *form, "-s", "1000", "-o", path, "-e",
                     "trace=connect,accept4,read,write,sendto,recvfrom", program("python3"), "-c",
                     SPEAKS, request.hex(), reply.hex()], capture_output=True, timeout=TIMEOUT,
                    check=False)
                if b"PTRACE" in done.stderr:
                    self.skipTest("strace may not trace here")
                self.assertEqual(0, done.returncode, done.stderr)
                lines = [line for line in path.read_text().splitlines(keepends=True)
                         if re.search("connect|sendto|recvfrom", line)]
                client = re.search(r"connect\((\d+)", "".join(lines))[1]
                text = "".join(line for line in lines
                               if re.search(rf"(connect|sendto|recvfrom)\({client},", line))
                self.assertEqual((request, reply), self.read(text.encode()), text)


if __name__ == "__main__":
    unittest.main()
