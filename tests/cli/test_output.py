"""What every command prints: to a disk that is full, to a reader who has left, and of peers that
send what a terminal obeys or a person does not see.
"""
import os
import pty
import subprocess
import unicodedata
import unittest

from command_line import BINARY, HOST, TIMEOUT, CommandTest, receive, tied_to_us
from terminal import CTRL_D, ENTER, Terminal

FRAMED = ("--framing", "digits:10")
# Reversed, hidden, broken, tagged; a control of two bytes, and one byte that is no text.
UNSEEN = "a\u202eb\u200bc\u2028d\U000e0041e\x9bf"
ESCAPED = r"a\xe2\x80\xaeb\xe2\x80\x8bc\xe2\x80\xa8d\xf3\xa0\x81\x81e\xc2\x9bf"


def framed(text):
    payload = text.encode()
    return b"%010d%b" % (len(payload), payload)


class CannotWrite(CommandTest):

    def commands(self):
        at = f"{HOST}:{self.server('walkthrough').port}"
        return (["--help"], ["--version"], ["serve", "--help"], ["serve", "--help-limits"],
                ["framings"], ["framings", "--json"], ["protocols"], ["trace", "walkthrough"],
                ["trace", "--brief", "walkthrough"], ["trace", "--json", "walkthrough"],
                ["trace", "walkthrough", "--html", "-"],
                ["trace", "--wireshark", "u32be", "--port", "7000"],
                ["send", "walkthrough", at, "Hello"], ["connect", "walkthrough", at],
                ["send", "walkthrough", at, "-o", "-", "Hello"],
                ["bench", at, *FRAMED, "-d", "50ms", "--warm-up", "0s"],
                ["bench", at, *FRAMED, "-d", "50ms", "--warm-up", "0s", "--json", "-"])

    def run_into(self, output, words):
        command = [str(word) for word in (BINARY, *words)]
        return subprocess.run(tied_to_us(command), stdin=subprocess.DEVNULL, stdout=output,
                              stderr=subprocess.PIPE, timeout=TIMEOUT, check=False)

    def test_a_full_disk(self):
        for words in self.commands():
            with self.subTest(words), open("/dev/full", "wb") as full:
                done = self.run_into(full, words)
                self.assertEqual(1, done.returncode, done)
                named = None if words[0].startswith("-") else words[0]
                self.assert_error(done.stderr, named,
                                  "cannot write standard output: no space left on device")

    def test_a_closed_one(self):
        for words in self.commands():
            with self.subTest(words):
                closed = ["sh", "-c", 'exec "$@" >&-', "sh", *map(str, (BINARY, *words))]
                done = subprocess.run(tied_to_us(closed), stdin=subprocess.DEVNULL,
                                      stderr=subprocess.PIPE, timeout=TIMEOUT, check=False)
                self.assertEqual(1, done.returncode, done)
                named = None if words[0].startswith("-") else words[0]
                self.assert_error(done.stderr, named, "cannot write standard output: it is closed")

    def test_a_reader_who_has_left(self):
        """As `head` does: it has what it wanted."""
        for words in (["framings"], ["trace", "walkthrough"], ["--help"]):
            reader, writer = os.pipe()
            os.close(reader)
            with self.subTest(words), os.fdopen(writer, "wb") as output:
                done = self.run_into(output, words)
                self.assertEqual((1, b""), (done.returncode, done.stderr))

    def test_output_that_does_not_block(self):
        """Another program may have left it so; it is waited for."""
        text = "x" * 100_000
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        command = tied_to_us([str(BINARY), "trace", *FRAMED, "--brief", text, text])
        child = subprocess.Popen(command, stdout=writer, stderr=subprocess.PIPE)
        os.close(writer)
        with os.fdopen(reader, "rb") as output:
            shown = output.read()
        _, err = child.communicate(timeout=TIMEOUT)
        self.assertEqual((0, b""), (child.returncode, err))
        self.assertTrue(shown.endswith(b"= finished\n"), shown[-100:])

    def test_a_file_for_replies_that_cannot_be_opened(self):
        at = f"{HOST}:{self.server(*FRAMED).port}"
        for path, why in (("/nonexistent/x", "no such file or directory"),
                          ("/", "is a directory")):
            with self.subTest(path):
                self.assert_fails(1, ["send", at, *FRAMED, "hi", "-o", path],
                                  f"cannot write '{path}': {why}")


class Unseen(CommandTest):

    def test_by_category(self):
        """Unicode's own table says what is not seen; letters and signs stay what they are."""
        unseen, seen = [], []
        for code in range(0x80, 0x11_0000):
            category = unicodedata.category(chr(code))
            if category in ("Cc", "Cf", "Zl", "Zp"):
                unseen.append(chr(code))
            elif category[0] in "LMNPS" and code % 31 == 0 and code < 0xE0000:
                seen.append(chr(code))
        for begin in range(0, len(unseen), 60):  # a ruler shows 255 bytes
            some = "".join(unseen[begin:begin + 60])
            text = self.assert_done("trace", *FRAMED, some).decode()
            self.assertEqual([], [char for char in text if char in unseen], text)
        for begin in range(0, len(seen), 1000):
            some = "".join(seen[begin:begin + 1000])
            self.assertIn(f'= frame "{some}" at', self.assert_done(
                "trace", *FRAMED, "--brief", some).decode())

    def test_a_transcript_is_read_as_it_was_written(self):
        first = self.assert_done("trace", *FRAMED, "--brief", UNSEEN)
        self.assertIn(ESCAPED.encode(), first)
        self.assertEqual(first, self.assert_done("trace", "--brief", "--hex", "-", data=first))

    def test_consoles_and_errors_of_a_server(self):
        server = self.server(*FRAMED, "-v")
        with self.connect_to(server.port) as sock:
            sock.sendall(framed(UNSEEN))
            self.assertEqual(framed(UNSEEN), receive(sock, len(framed(UNSEEN))))
            sock.sendall(b"\xe2\x80\xae")
        server.find_error("framewire serve: ")
        text = self.stop(server) + server.out.decode()
        self.assertIn(f"sent: {ESCAPED}\n", text)
        self.assertIn(rf'at {len(framed(UNSEEN))}: "\xe2\x80\xae" where', text)
        self.assertTrue(all(char.isprintable() or char == "\n" for char in text), text)

    def in_terminal(self, *words):
        """What the command prints to a terminal."""
        ours, terminal = pty.openpty()
        self.addCleanup(os.close, ours)
        command = tied_to_us([str(word) for word in (BINARY, *words)])
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=terminal,
                              stderr=subprocess.PIPE, timeout=TIMEOUT, check=False)
        os.close(terminal)
        self.assertEqual((0, b""), (done.returncode, done.stderr))
        return os.read(ours, 4096)

    def test_replies_in_a_terminal(self):
        """They cannot rename its window, and keep their lines."""
        evil = f"\x1b]0;owned\x07\x1b[2J{UNSEEN}\r\n\tsecond line"
        shown = rf"\x1b]0;owned\x07\x1b[2J{ESCAPED}\r" + "\r\n\tsecond line\r\n"
        for framing in ("digits:10", "raw"):
            with self.subTest(framing):
                at = f"{HOST}:{self.server('--framing', framing).port}"
                raw = self.in_terminal("send", at, "--framing", framing, evil)
                self.assertIn(shown.encode(), raw)
                self.assertNotIn(b"\x1b]", raw)

    def test_replies_for_a_program_are_as_they_came(self):
        at = f"{HOST}:{self.server(*FRAMED).port}"
        evil = f"\x1b[2J{UNSEEN}"
        self.assertEqual(f"{evil}\n".encode(), self.assert_done("send", at, *FRAMED, evil))
        raw = self.in_terminal("send", at, *FRAMED, evil, "-o", "-")
        self.assertIn(evil.encode(), raw)

    def test_replies_in_a_conversation(self):
        at = f"{HOST}:{self.server(*FRAMED, '--service', f'reply:{UNSEEN}').port}"
        terminal = Terminal(self, [BINARY, "connect", at, *FRAMED])
        terminal.wait_for_last("> ")
        terminal.type("Hello", ENTER)
        terminal.wait_for("the reply", lambda: ESCAPED in terminal.screen.lines())
        terminal.type(CTRL_D)
        self.assertEqual(0, terminal.finish(), terminal.report())


if __name__ == "__main__":
    unittest.main()
