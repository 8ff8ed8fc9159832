"""The line on standard error that says how far `send` is: only on a terminal, only when it takes
long, never wider than the screen, and gone at the end.
"""
import os
import re
import signal
import subprocess
import threading
import unittest

from command_line import BINARY, HOST, CommandTest, receive
from terminal import CTRL_C, Terminal

SIZE = 32_000_000
AMOUNT = r"\d+(\.\d)? [KMG]?i?B"
LEFT = r"(\d+ h )?(\d+ min )?\d+ (s|min) left"


class ProgressTest(CommandTest):

    def setUp(self):
        self.seen = threading.Event()  # lets the server hurry
        self.addCleanup(self.seen.set)

    def take_slowly(self, sock):
        left = SIZE + 10
        while left > 0:
            left -= len(receive(sock, min(left, 1 << 16)))
            self.seen.wait(0.005)

    def give_slowly(self, sock):
        sock.sendall(b"%010d" % SIZE)
        for _ in range(SIZE // 50_000):
            sock.sendall(b"x" * 50_000)
            self.seen.wait(0.005)

    def slow_server(self):
        def script(sock):
            self.take_slowly(sock)
            sock.sendall(b"0000000002ok")

        return self.script(script)

    def file(self):
        path = f"{self.folder()}/file"
        with open(path, "wb") as file:
            os.truncate(file.fileno(), SIZE)
        return path

    def words(self, server, *more):
        return [BINARY, "send", f"{HOST}:{server.port}", "--framing", "digits:10", *more]

    def sending(self, server, *more, **options):
        return Terminal(self, self.words(server, "--file", self.file(), *more), **options)

    def assert_line(self, terminal, pattern):
        """Comes to be all that stands on the screen."""
        terminal.wait_for(
            pattern, lambda: re.fullmatch(pattern, "\n".join(terminal.screen.lines())))

    def assert_finishes(self, terminal, *lines):
        self.seen.set()
        self.assertEqual(0, terminal.finish(), terminal.report())
        self.assertEqual(list(lines), terminal.screen.lines(), terminal.report())


class OnATerminal(ProgressTest):

    def test_what_is_sent(self):
        terminal = self.sending(self.slow_server())
        self.assert_line(terminal, f"sent {AMOUNT} of 30.5 MiB  {AMOUNT}/s  {LEFT}")
        self.assert_finishes(terminal, "ok")

    def test_what_is_received(self):
        def script(sock):
            receive(sock, 15)
            self.give_slowly(sock)

        terminal = Terminal(self, self.words(self.script(script), "Hello", "-o", "/dev/null"))
        self.assert_line(terminal, f"received {AMOUNT} of 30.5 MiB  {AMOUNT}/s  {LEFT}")
        self.assert_finishes(terminal)

    def test_what_is_played(self):
        path = f"{self.folder()}/recording"
        with open(path, "w", encoding="utf-8") as file:
            file.write("framing line\n" + '< "Hello\\n"\n@ 100ms\n' * 600)
        terminal = Terminal(self, [BINARY, "replay", path, f"{HOST}:{self.drain().port}"])
        self.assert_line(terminal, r"played \d+ of 601 steps")
        terminal.press(CTRL_C)
        self.assertNotEqual(0, terminal.finish())

    def drain(self):
        def script(sock):
            while sock.recv(1 << 16):
                pass

        return self.script(script)

    def test_of_a_pipe_nobody_knows_the_end(self):
        server = self.script(self.take_slowly)
        terminal = Terminal(
            self, [BINARY, "send", "echo", f"{HOST}:{server.port}", "--no-reply", "--file", "-"],
            stdin=subprocess.PIPE)
        threading.Thread(target=self.feed, args=(terminal.child.stdin,), daemon=True).start()
        self.assert_line(terminal, f"sent {AMOUNT}  {AMOUNT}/s")
        self.assert_finishes(terminal)

    def feed(self, pipe):
        pipe.write(b"x" * (SIZE + 10))
        pipe.close()

    def test_narrow_terminals(self):
        for columns, pattern in ((58, f"sent {AMOUNT} of 30.5 MiB  {AMOUNT}/s  {LEFT}"),
                                 (38, f"sent {AMOUNT} of 30.5 MiB  {AMOUNT}/s"),
                                 (27, f"sent {AMOUNT} of 30.5 MiB")):
            with self.subTest(columns):
                self.seen.clear()
                terminal = self.sending(self.slow_server(), columns=columns)
                self.assert_line(terminal, pattern)
                self.assert_finishes(terminal, "ok")

    def test_a_reply_on_the_same_terminal(self):
        """Nothing is written over it."""
        size = 100_000

        def script(sock):
            sock.sendall(receive(sock, size)[:1])
            for _ in range(size // 1000):
                self.seen.wait(0.01)
                sock.sendall(b"x" * 1000)

        server = self.script(script)
        file = f"{self.folder()}/file"
        with open(file, "wb") as content:
            content.write(b"x" * size)
        terminal = Terminal(self, [BINARY, "send", "echo", f"{HOST}:{server.port}", "--file", file,
                                   "--output", "-"])
        self.assertEqual(0, terminal.finish())
        self.assertEqual({ord("x")}, set(terminal.raw.strip(b"\0")))

    def test_an_error_stands_on_a_line_of_its_own(self):
        file = self.file()
        server = self.script(lambda sock: self.break_off(sock, file))
        terminal = Terminal(self, self.words(server, "--file", file))
        self.assert_line(terminal, ".+ left")
        self.seen.set()
        self.assertEqual(1, terminal.finish())
        self.assertIn("became shorter while it was sent", " ".join(terminal.screen.lines()))
        self.assertTrue(terminal.screen.lines()[0].startswith("framewire send: "))

    def break_off(self, sock, file):
        while not self.seen.is_set():
            receive(sock, 1 << 16)
            self.seen.wait(0.005)
        os.truncate(file, 0)
        while sock.recv(1 << 16):
            pass

    def test_ctrl_c(self):
        terminal = self.sending(self.slow_server())
        self.assert_line(terminal, ".+ left")
        terminal.press(CTRL_C)
        self.assertEqual(-signal.SIGINT, terminal.finish())


class Nowhere(ProgressTest):

    def assert_nothing_shown(self, *more, environment=None, **streams):
        """Although it takes longer than what is soon over."""
        def script(sock):
            self.seen.wait(0.8)
            self.seen.set()
            self.take_slowly(sock)
            sock.sendall(b"0000000002ok")

        self.seen.clear()
        terminal = self.sending(self.script(script), "--output", "/dev/null", *more,
                                environment=environment, **streams)
        self.assertEqual(0, terminal.finish(), terminal.report())
        return bytes(terminal.raw).strip(b"\0")

    def test_terminals_that_cannot_and_users_who_do_not_want_it(self):
        for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}, {"TERM": None}):
            with self.subTest(environment):
                self.assertEqual(b"", self.assert_nothing_shown(environment=environment))

    def test_an_empty_wish_is_none(self):
        self.assertIn(b"sent", self.assert_nothing_shown(environment={"NO_COLOR": ""}))

    def test_transcripts(self):
        self.assertNotIn(b"\x1b", self.assert_nothing_shown("-v"))

    def test_standard_error_is_no_terminal(self):
        with open(f"{self.folder()}/errors", "wb+") as errors:
            self.assertEqual(b"", self.assert_nothing_shown(stderr=errors))
            self.assertEqual(0, errors.tell())

    def test_what_is_soon_over(self):
        server = self.server("--framing", "digits:10", "--quiet")
        terminal = Terminal(self, self.words(server, "Hello", "--output", "/dev/null"))
        self.assertEqual(0, terminal.finish())
        self.assertEqual(b"", terminal.raw.strip(b"\0"))


if __name__ == "__main__":
    unittest.main()
