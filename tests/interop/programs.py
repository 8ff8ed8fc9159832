"""The programs under test, ours and the Python peers, as children whose console is collected while
they run. Every wait is bounded by TIMEOUT and fails with the console so far; every program is
ended by a cleanup of the test that started it, or by the kernel if the tests are killed.
"""
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

OURS = "our"
PYTHON = "python"
HOST = "127.0.0.1"
TIMEOUT = 20.0

HERE = Path(__file__).resolve().parent
PEERS = HERE / "peers"
BINARY = Path(os.environ.get("FRAMEWIRE", HERE.parents[1] / "build/release/framewire")).resolve()

ADDRESS = r"\('127\.0\.0\.1', (\d+)\)"


def server_command(side, protocol, port):
    if side == PYTHON:
        return [sys.executable, PEERS / f"{protocol}_server.py", HOST, str(port)]
    return [BINARY, "serve", protocol, f"{HOST}:{port}"]


def client_command(side, protocol, port, *arguments):
    if side == PYTHON:
        return [sys.executable, PEERS / f"{protocol}_client.py", HOST, str(port), *arguments]
    return [BINARY, "connect", protocol, f"{HOST}:{port}", *arguments]


def send_command(protocol, port, *arguments, timeout="5s"):
    return [BINARY, "send", protocol, f"{HOST}:{port}", "--timeout", timeout, *arguments]


def free_port():
    """Below the ephemeral range, where a connection that is tried before anybody listens could
    meet itself, and where another test's client could take the port meanwhile."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port))
                return port
            except OSError:
                continue


def tied_to_us(command):
    """Lets the kernel end the program with us, for the case that we are killed ourselves."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", *command] if setpriv else command


def shortened(text, limit=160):
    """For a report: one line that a terminal survives."""
    if len(text) > limit:
        text = f"{text[:limit // 2]} ... {text[-limit // 2:]} ({len(text)} in all)"
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


class Program:
    """A child program; `out` and `err` hold what it has written so far."""

    def __init__(self, test, command):
        self.test = test
        self.command = [str(word) for word in command]
        self.out = bytearray()
        self.err = bytearray()
        self.open_streams = 2
        if command[0] == BINARY and not BINARY.is_file():
            test.fail(f"there is no {BINARY}; build it, or say in FRAMEWIRE where it is")
        self.news = threading.Condition()
        self.child = subprocess.Popen(
            tied_to_us(self.command), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env={**os.environ, "PYTHONUTF8": "1"})
        self.threads = [self._thread(self._collect, self.child.stdout, self.out),
                        self._thread(self._collect, self.child.stderr, self.err)]
        test.addCleanup(self._clean_up)

    def feed(self, text, last=True):
        """Types `text`; `last` ends the input. Does not wait for the program to read it."""
        self.threads.append(self._thread(self._write, text.encode(), last))

    def wait_until(self, what, condition):
        deadline = time.monotonic() + TIMEOUT
        with self.news:
            while not condition():
                left = deadline - time.monotonic()
                if left <= 0 or self.open_streams == 0:
                    why = "never came" if left <= 0 else "cannot come: the program has ended"
                    self.test.fail(f"{what}: {why}\n{self.report()}")
                self.news.wait(left)

    def wait_for_lines(self, count):
        self.wait_until(f"line {count} of the console", lambda: self.out.count(b"\n") >= count)

    def find_address(self, pattern, nth=0):
        """The address that stands at `@` in the nth line that is otherwise `pattern`."""
        line = re.compile(f"^{re.escape(pattern).replace('@', ADDRESS)}$", re.MULTILINE)

        def ports():
            return line.findall(self.out.decode(errors="replace"))

        self.wait_until(f"{nth + 1} times the line {pattern!r}", lambda: len(ports()) > nth)
        return (HOST, int(ports()[nth]))

    def find_error(self, text):
        self.wait_until(f"{text!r} on stderr", lambda: text.encode() in self.err)

    def finish(self):
        """Waits for the program to end by itself; returns its exit status."""
        deadline = time.monotonic() + TIMEOUT
        try:
            self.child.wait(TIMEOUT)
        except subprocess.TimeoutExpired:
            self.test.fail(f"still running after {TIMEOUT} s\n{self.report()}")
        for thread in self.threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return self.child.returncode

    def stop(self):
        self.child.terminate()
        return self.finish()

    def lines(self):
        """A prompt without an end of line counts as one."""
        return self.out.decode(errors="backslashreplace").removesuffix("\n").split("\n")

    def open_sockets(self):
        """What is open right now, listener included, as the kernel sees it."""
        count = 0
        for entry in os.scandir(f"/proc/{self.child.pid}/fd"):
            try:
                count += os.readlink(entry.path).startswith("socket:")
            except FileNotFoundError:
                pass
        return count

    def report(self):
        text = [" ".join(shortened(word) for word in self.command)]
        for name, stream in (("stdout", self.out), ("stderr", self.err)):
            lines = bytes(stream).decode(errors="backslashreplace").split("\n")
            text += [f"--- {name}"] + [shortened(line) for line in lines[-40:]]
        return "\n".join(text)

    def _thread(self, target, *arguments):
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        thread.start()
        return thread

    def _collect(self, stream, into):
        while True:
            part = stream.read1(1 << 16)
            with self.news:
                into += part
                self.open_streams -= not part
                self.news.notify_all()
            if not part:
                return

    def _write(self, data, last):
        try:
            self.child.stdin.write(data)
            self.child.stdin.flush()
            if last:
                self.child.stdin.close()
        except (BrokenPipeError, ValueError):
            pass  # it ended before it read everything; what it printed tells whether it should

    def _clean_up(self):
        if self.child.poll() is None:
            self.child.terminate()
            try:
                self.child.wait(2)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()
        for thread in self.threads:
            thread.join(2)
        for stream in (self.child.stdin, self.child.stdout, self.child.stderr):
            try:
                stream.close()
            except OSError:
                pass


class Server(Program):
    """A server, ours or Python's, on a port of its own. `probe` is the address from which the
    harness has connected once to see that it serves; only echo needs that, having no first line.
    """
    FIRST_LINES = {"walkthrough": 1, "greeting": 2, "acknowledge": 2}

    def __init__(self, test, side, protocol):
        self.side = side
        self.port = free_port()
        self.probe = None
        super().__init__(test, server_command(side, protocol, self.port))
        if protocol in self.FIRST_LINES:
            self.wait_for_lines(self.FIRST_LINES[protocol])
            self.sockets_at_start = self.open_sockets()
        else:
            self.probe = self._first_connection()
            self.wait_for_lines(1)

    def wait_until_all_left(self):
        deadline = time.monotonic() + TIMEOUT
        while self.open_sockets() > self.sockets_at_start:
            if time.monotonic() > deadline:
                self.test.fail(f"connections still open after {TIMEOUT} s\n{self.report()}")
            time.sleep(0.002)

    def _first_connection(self):
        deadline = time.monotonic() + TIMEOUT
        while True:
            try:
                with socket.create_connection((HOST, self.port), TIMEOUT) as sock:
                    return sock.getsockname()
            except ConnectionRefusedError:
                if time.monotonic() > deadline or self.child.poll() is not None:
                    self.test.fail(f"nobody listens on port {self.port}\n{self.report()}")
                time.sleep(0.01)
