"""A program in a terminal: a pseudo-terminal of its own, a session of its own that the terminal
controls (so that Ctrl-C is a signal), a screen to look at and keys to press.
"""
import fcntl
import os
import shutil
import struct
import subprocess
import termios
import threading
import time

from command_line import TIMEOUT, tied_to_us
from screen import Screen

LEFT, RIGHT, UP, DOWN = "\x1b[D", "\x1b[C", "\x1b[A", "\x1b[B"
HOME, END, DELETE = "\x1b[H", "\x1b[F", "\x1b[3~"
CTRL_LEFT, CTRL_RIGHT = "\x1b[1;5D", "\x1b[1;5C"
CTRL_A, CTRL_C, CTRL_D, CTRL_E, CTRL_R = "\x01", "\x03", "\x04", "\x05", "\x12"
BACKSPACE, ENTER, TAB = "\x7f", "\r", "\t"

LOCAL_MODES = 3
MARK = b"\0" * 8  # which the screen, as real ones, ignores


class Terminal:
    """Runs `command`. `stdin`, `stdout` and `stderr` say what is not the terminal. Entries of
    `environment` that are None are taken away."""

    def __init__(self, test, command, *, environment=None, columns=80, **streams):
        self.test = test
        self.command = [str(word) for word in command]
        self.screen = Screen(columns=columns)
        self.raw = bytearray()  # all that was written
        self.broken = None
        self.news = threading.Condition()
        self.master, self.slave = os.openpty()
        self.resize(columns)
        self.modes_before = termios.tcgetattr(self.slave)
        self.child = self._start(environment or {}, streams)
        self.reader = threading.Thread(target=self._collect, daemon=True)
        self.reader.start()
        test.addCleanup(self._clean_up)

    def resize(self, columns):
        """Only the program learns of it: the screen stays as wide as it was."""
        size = struct.pack("HHHH", self.screen.rows, columns, 0, 0)
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, size)

    def press(self, *keys):
        """At once, even if nobody reads them."""
        os.write(self.master, "".join(keys).encode())

    def type(self, *keys):
        """Into a line that is being edited. A prompt alone does not say that it is: what is typed
        before belongs to the terminal, which echoes it and edits it in its own way."""
        self.wait_for("line editing", lambda: not
                      termios.tcgetattr(self.slave)[LOCAL_MODES] & termios.ICANON)
        self.press(*keys)

    def wait_for(self, what, condition):
        deadline = time.monotonic() + TIMEOUT
        with self.news:
            while not condition():
                left = deadline - time.monotonic()
                ended = self.child.poll() is not None and left < TIMEOUT - 1
                if self.broken or ended or left <= 0:
                    self.test.fail(f"{what} never came: {self.broken}\n{self.report()}")
                self.news.wait(min(left, 0.05))

    def wait_for_lines(self, *lines):
        """Until exactly these stand on the screen. Trailing blanks do not matter."""
        expected = [line.rstrip() for line in lines]
        try:
            self.wait_for("screen", lambda: self.screen.lines() == expected)
        except self.test.failureException:
            self.test.assertEqual(expected, self.screen.lines(), self.report())

    def wait_for_last(self, line):
        self.wait_for(f"last line {line!r}",
                      lambda: (self.screen.lines() or [""])[-1] == line.rstrip())

    def finish(self, within=TIMEOUT):
        """Waits for the program to end by itself; returns its exit status. Its output is on the
        screen then, and the terminal's modes must be what they were."""
        try:
            self.child.wait(within)
        except subprocess.TimeoutExpired:
            self.test.fail(f"still running\n{self.report()}")
        self._see_everything()
        self.test.assertEqual(self.modes_before, termios.tcgetattr(self.slave), "modes")
        return self.child.returncode

    def cursor(self):
        return self.screen.row, self.screen.column

    def report(self):
        return "\n".join([" ".join(self.command), "--- screen", *self.screen.lines(),
                          f"--- raw {bytes(self.raw[-600:])!r}"])

    def _start(self, environment, streams):
        variables = {**os.environ, "TERM": "xterm", "XDG_STATE_HOME": self.test.folder(),
                     **environment}
        terminal = {"stdin": self.slave, "stdout": self.slave, "stderr": self.slave}
        session = [shutil.which("setsid"), "--ctty"]
        if "stdin" in streams:  # the terminal is found through standard input
            session = session[:1]
        return subprocess.Popen(
            tied_to_us([*session, *self.command]), **{**terminal, **streams},
            env={key: value for key, value in variables.items() if value is not None})

    def _collect(self):
        while True:
            try:
                part = os.read(self.master, 1 << 16)
            except OSError:
                return  # the last slave is closed
            with self.news:
                self.raw += part
                try:
                    self.screen.write(part)
                except ValueError as why:
                    self.broken = self.broken or why
                self.news.notify_all()

    def _see_everything(self):
        """The terminal keeps its output in order, so what we write now comes last."""
        os.write(self.slave, MARK)
        with self.news:
            seen = self.news.wait_for(lambda: self.raw.endswith(MARK), TIMEOUT)
        self.test.assertTrue(seen, self.report())
        self.test.assertIsNone(self.broken, self.report())

    def _clean_up(self):
        if self.child.poll() is None:
            self.child.kill()
            self.child.wait()
        if self.child.stdin:
            self.child.stdin.close()
        os.close(self.slave)
        self.reader.join(2)
        os.close(self.master)
