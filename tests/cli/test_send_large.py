"""`send --file` and `--output` with what does not fit memory: files of any size, pipes whose end
nobody knows, replies as large, and files that change while they are sent.
"""
import contextlib
import hashlib
import os
import re
import subprocess
import threading
import unittest
from pathlib import Path

from command_line import (BINARY, HOST, TIMEOUT, CommandTest, receive, receive_to_end,
                          tied_to_us)

MiB = 1 << 20
LARGE = 100 * MiB
RESIDENT_MAX = 32 * MiB
SANITIZED = "sanitize" in os.environ.get("FRAMEWIRE_CXX_FLAGS", "")
NOWHERE = "unix:/nonexistent/socket"
FRAMED = ("--framing", "digits:10")


def peak_of(program):
    """The most bytes that were in memory so far; 0 if it has ended."""
    try:
        status = Path(f"/proc/{program.child.pid}/status").read_text()
    except FileNotFoundError:
        return 0
    found = re.search(r"^VmHWM:\s*(\d+) kB", status, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def digest_of(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class LargeTest(CommandTest):

    def large_file(self, size=LARGE):
        """Of blocks that are all different."""
        block = os.urandom(MiB)
        file = self.scratch("large")
        with open(file, "wb") as out:
            for number in range(size // MiB):
                out.write(number.to_bytes(8, "big") + block[8:])
        return file

    def scratch(self, name, content=None):
        file = Path(self.folder()) / name
        if content is not None:
            file.write_bytes(content)
        return file

    def server_of(self, *words):
        server = self.server(*words, "--quiet")
        server.at = f"{HOST}:{server.port}"
        return server

    def send(self, *words):
        return self.start([BINARY, "send", *words])

    def finish_bounded(self, client):
        """Waits for success; its memory must have stayed small meanwhile."""
        peak = 0
        while client.child.poll() is None:
            peak = max(peak, peak_of(client))
            with contextlib.suppress(subprocess.TimeoutExpired):
                client.child.wait(0.005)
        self.assertEqual((0, b""), (client.finish(), bytes(client.err)), client.report())
        self.assert_bounded(peak)

    def assert_bounded(self, peak):
        self.assertGreater(peak, 0)
        if not SANITIZED:
            self.assertLess(peak, RESIDENT_MAX)

    def assert_same(self, expected, actual):
        self.assertEqual(os.path.getsize(expected), os.path.getsize(actual))
        self.assertEqual(digest_of(expected), digest_of(actual))

    def run_with_input(self, stdin, *words):
        return subprocess.run(tied_to_us([str(word) for word in (BINARY, "send", *words)]),
                              stdin=stdin, capture_output=True, timeout=TIMEOUT, check=False)


class LargeFiles(LargeTest):

    def assert_echoed_in_bounded_memory(self, server, *words):
        large, copy = self.large_file(), self.scratch("copy")
        self.finish_bounded(self.send(server.at, *words, "--file", large, "--output", copy))
        self.assert_bounded(peak_of(server))
        self.assert_same(large, copy)

    def test_framed(self):
        self.assert_echoed_in_bounded_memory(self.server_of(*FRAMED), *FRAMED)

    def test_unframed(self):
        self.assert_echoed_in_bounded_memory(self.server_of("echo"), "--framing", "raw")

    def test_without_a_length(self):
        framing = ("--framing", "delimiter:end of it")
        server = self.server_of(*framing, "--max-payload", "1MiB")  # held until it is more
        self.assert_echoed_in_bounded_memory(server, *framing)

    def test_to_standard_output_in_pieces(self):
        server, large = self.server_of(*FRAMED), self.large_file(40 * MiB)
        client = self.send(server.at, *FRAMED, "--file", large, "--max-payload", "1GiB")
        self.assertEqual(0, client.finish(), client.report())
        self.assert_bytes(large.read_bytes() + b"\n", bytes(client.out))

    def test_two_that_are_kept_one_behind_the_other(self):
        server, copy = self.server_of(*FRAMED), self.scratch("copy", b"what was there before" * 9)
        one, two = self.scratch("one", b"one\n"), self.large_file(20 * MiB)
        self.assertEqual(b"", self.assert_done(
            "send", server.at, *FRAMED, "zero", "--file", one, "--file", two, "-o", copy))
        self.assert_bytes(b"zeroone\n" + two.read_bytes(), copy.read_bytes())

    def test_characters_are_counted_first(self):
        server, copy = self.server_of("walkthrough"), self.scratch("copy")
        text = self.scratch("text", "xhéllo wörld 🎉".encode() * 2_000_000)
        self.finish_bounded(self.send("walkthrough", server.at, "--file", text, "-o", copy))
        self.assert_same(text, copy)

    def test_without_a_reply(self):
        """Of a server that answers nevertheless, and takes no more if nobody listens."""
        server = self.server_of(*FRAMED)
        self.finish_bounded(self.send(server.at, *FRAMED, "--no-reply", "--file",
                                      self.large_file(60 * MiB)))

    def test_files_that_the_system_makes_up(self):
        server = self.server_of("echo")
        self.assertEqual(Path("/proc/version").read_bytes() + b"\n", self.assert_done(
            "send", "echo", server.at, "--file", "/proc/version"))

    def test_a_file_as_standard_input_from_where_it_stands(self):
        server = self.server_of(*FRAMED)
        with open(self.scratch("letter", b"Dear server, hello"), "rb") as file:
            os.lseek(file.fileno(), 5, os.SEEK_SET)
            done = self.run_with_input(file, server.at, *FRAMED, "--file", "-", "--file", "-")
            self.assertEqual(b"", os.read(file.fileno(), 100))
        self.assertEqual((0, b"server, hello\n\n", b""),
                         (done.returncode, done.stdout, done.stderr))


class Pipes(LargeTest):

    def test_unframed_passes_before_it_ends(self):
        server = self.server_of("echo")
        client = self.send("echo", server.at, "--file", "-", "--output", "-")
        for text in ("one", "two"):
            client.feed(text, last=False)
            client.wait_until(text, lambda text=text: bytes(client.out).endswith(text.encode()))
        client.feed("", last=True)
        self.assertEqual((0, b"onetwo"), (client.finish(), bytes(client.out)), client.report())

    def test_a_large_one_unframed(self):
        server, large = self.server_of("echo"), self.large_file()
        copy = self.scratch("copy")
        with open(large, "rb") as content:
            feeding = subprocess.Popen(tied_to_us(["cat"]), stdin=content, stdout=subprocess.PIPE)
        with feeding, feeding.stdout:
            done = self.run_with_input(feeding.stdout, "echo", server.at, "--file", "-", "-o", copy)
        self.assertEqual((0, b"", b""), (done.returncode, done.stdout, done.stderr))
        self.assert_same(large, copy)

    def test_an_unframed_reply_is_printed_whole_or_not_at_all(self):
        server = self.script(lambda sock: (receive(sock, 5), sock.sendall(b"Hel")))
        self.assert_fails(1, ["send", "echo", f"{HOST}:{server.port}", "--file", "-"],
                          "no reply", data=b"Hello")

    def test_framed_is_held_first(self):
        server = self.server_of(*FRAMED)
        self.assertEqual(b"x" * 2000 + b"\n", self.assert_done(
            "send", server.at, *FRAMED, "--file", "-", "--max-payload", "2000", data=b"x" * 2000))

    def test_a_frame_without_a_length_passes_before_it_ends(self):
        at_server, at_client = threading.Event(), threading.Event()

        def script(sock):
            first = receive(sock, 3)
            at_server.set()
            at_client.wait(TIMEOUT)
            rest = receive(sock, 4)
            sock.sendall(b"ok\n")
            return first + rest

        server = self.script(script)
        client = self.send(f"{HOST}:{server.port}", "--framing", "line", "--file", "-")
        client.feed("one", last=False)
        self.assertTrue(at_server.wait(TIMEOUT))
        client.feed("two", last=True)
        at_client.set()
        self.assertEqual((0, b"ok\n"), (client.finish(), bytes(client.out)), client.report())
        self.assertEqual(b"onetwo\n", server.result())

    def test_what_turns_out_to_be_no_frame_is_taken_back(self):
        server = self.script(lambda sock: receive_to_end(sock))
        self.assert_fails(1, ["send", f"{HOST}:{server.port}", "--framing", "line", "--file", "-"],
                          "frame.delimiter", "cannot be framed by line",
                          data=b"x" * 300_000 + b"\n")
        self.assertRaises(ConnectionResetError, server.result)

    def test_more_than_is_held_is_refused_before_connecting(self):
        for size, words in ((2001, ["--max-payload", "2000"]), (16 * MiB + 1, [])):
            with self.subTest(size):
                said = self.assert_fails(
                    1, ["send", NOWHERE, *FRAMED, "--file", "-", *words],
                    "'-' has more than", "length must be sent first", data=b"x" * size)
                self.assertIn("hint: ", said)


class FilesThatChange(LargeTest):
    SIZE = 64 * MiB

    def sparse(self):
        file = self.scratch("file", b"")
        os.truncate(file, self.SIZE)
        return file

    def change_while_it_is_sent(self, file, change, *words):
        """To a server that reads on after the change; what it has received, and how it ended."""
        def script(sock):
            received = len(receive(sock, 1000))
            change()
            try:
                while part := sock.recv(1 << 16):
                    received += len(part)
            except ConnectionResetError:
                return received, "reset"
            return received, "end"

        server = self.script(script)
        client = self.send(f"{HOST}:{server.port}", *words, "--file", file)
        return client, server

    def assert_reset(self, file, change, why, *words):
        client, server = self.change_while_it_is_sent(file, change, *words)
        self.assertEqual(1, client.finish(), client.report())
        self.assert_error(bytes(client.err), "send", f"'{file}' {why} while it was sent")
        self.assertEqual(b"", bytes(client.out))
        received, how = server.result()
        self.assertEqual("reset", how)
        self.assertLess(received, self.SIZE)

    def test_shorter(self):
        for framing in ("digits:10", "raw"):
            with self.subTest(framing):
                file = self.sparse()
                self.assert_reset(file, lambda file=file: os.truncate(file, 2000),
                                  "became shorter", "--framing", framing)

    def test_other_characters(self):
        file = self.scratch("file", "é".encode() * (self.SIZE // 2))

        def change():
            with open(file, "r+b") as same:
                same.seek(self.SIZE // 2)
                same.write(b"xy" * (self.SIZE // 4))

        self.assert_reset(file, change, "changed", "--framing", "digits:10,count=chars")

    def test_longer(self):
        """What was announced is sent."""
        file = self.sparse()

        def script(sock):
            begin = receive(sock, 1000)
            with open(file, "ab") as same:
                same.write(b"more")
            received = len(begin) + len(receive(sock, self.SIZE + 10 - 1000))
            sock.sendall(b"0000000002ok")
            return received + len(receive_to_end(sock))

        server = self.script(script)
        client = self.send(f"{HOST}:{server.port}", *FRAMED, "--file", file)
        self.assertEqual((0, b"ok\n"), (client.finish(), bytes(client.out)), client.report())
        self.assertEqual(self.SIZE + 10, server.result())


class RefusedBeforeConnecting(LargeTest):
    """Nobody is there: were anything tried, that would be the error."""

    def assert_refused(self, words, *parts):
        said = self.assert_fails(1, ["send", NOWHERE, *words], *parts)
        self.assertNotIn("connect", said)
        return said

    def test_characters_that_cannot_be_counted(self):
        for content, at in ((b"h\xffllo", 1), ("é".encode() * 200_000 + b"\xc3", 400_001)):
            with self.subTest(at):
                file = self.scratch("file", content)
                self.assert_refused(["-f", "digits:10,count=chars", "--file", file],
                                    f"frame.utf8 at {at}: '{file}'", "is not UTF-8")

    def test_what_ends_a_frame(self):
        for framing, content in (("line", b"x" * 300_000 + b"\n"), ("line", b"x\r"),
                                 ("delimiter:end", b"the end"), ("mllp", b"a\x1c\x0db")):
            with self.subTest(framing):
                file = self.scratch("file", content)
                self.assertIn("hint: ", self.assert_refused(
                    ["-f", framing, "--file", file],
                    f"frame.delimiter: '{file}' cannot be framed by {framing}"))

    def test_an_output_that_cannot_be_written(self):
        for path in ("/nonexistent/copy", self.folder()):
            with self.subTest(path):
                self.assert_refused([*FRAMED, "Hello", "--output", path],
                                    f"cannot write '{path}'")

    def test_an_output_that_is_being_sent(self):
        file = self.scratch("file", b"precious")
        link = f"{self.folder()}/link"
        os.link(file, link)
        for path in (file, link):
            with self.subTest(path):
                self.assert_refused([*FRAMED, "--file", file, "--output", path],
                                    "would be overwritten")
        self.assertEqual(b"precious", file.read_bytes())

    def test_the_old_output_is_left_if_nobody_is_there(self):
        file = self.scratch("file", b"precious")
        self.assert_fails(1, ["send", NOWHERE, *FRAMED, "Hello", "--output", file],
                          "cannot connect")
        self.assertEqual(b"precious", file.read_bytes())


class Replies(LargeTest):

    def test_larger_than_a_person_reads(self):
        server = self.server_of(*FRAMED)
        for words in ([], ["--max-payload", "17MiB"],
                      ["--max-payload", "17MiB", "--output", self.scratch("copy")]):
            with self.subTest(words):
                self.assert_fails(1, ["send", server.at, *FRAMED, "--file",
                                      self.large_file(20 * MiB), *words], "frame.too_large")

    def test_nothing_is_added(self):
        server = self.server_of(*FRAMED)
        for path in (self.scratch("copy"), "-"):
            with self.subTest(path):
                out = self.assert_done("send", server.at, *FRAMED, "one", "", "two", "-o", path)
                kept = out if path == "-" else path.read_bytes()
                self.assertEqual(b"onetwo", kept)

    def test_a_full_disk(self):
        server = self.server_of(*FRAMED)
        for words in (["Hello"], ["--file", self.large_file(20 * MiB)]):
            with self.subTest(words):
                self.assert_fails(1, ["send", server.at, *FRAMED, *words, "-o", "/dev/full"],
                                  "cannot write '/dev/full': no space left")

    def test_nobody_reads_them(self):
        server = self.server_of(*FRAMED)
        reader, writer = os.pipe()
        os.close(reader)
        with os.fdopen(writer, "wb") as output:
            words = (BINARY, "send", server.at, *FRAMED, "-o", "-", "--file",
                     self.large_file(20 * MiB))
            done = subprocess.run(tied_to_us([str(word) for word in words]), stdout=output,
                                  stderr=subprocess.PIPE, timeout=TIMEOUT, check=False)
        self.assertEqual(1, done.returncode)
        self.assert_error(done.stderr, "send", "cannot write standard output: broken pipe")

    def test_what_came_of_one_that_broke_off(self):
        server = self.script(lambda sock: (receive(sock, 15), sock.sendall(
            b"0020000000" + b"x" * 19_000_000)))
        copy = self.scratch("copy")
        self.assert_fails(1, ["send", f"{HOST}:{server.port}", *FRAMED, "Hello", "-o", copy],
                          "was expecting 20000000 bytes but only received 19000000")
        self.assert_bytes(b"x" * 19_000_000, copy.read_bytes())


if __name__ == "__main__":
    unittest.main()
