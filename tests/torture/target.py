"""The command under torture, as a server that is started anew whenever it has ended, or run to its
end."""
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import weakref
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "interop"))

from programs import HOST, free_port  # noqa: E402,F401

TIMEOUT = 10.0
# Within a failure that lasts, nobody is accepted: nothing more is awaited from the server then.
GRACE = 0.1


class Violation(Exception):
    """What must hold does not."""


def frame(text):
    data = text if isinstance(text, bytes) else text.encode()
    return b"%010d" % len(data) + data


class Server:
    """`framewire serve`, with calls that fail where `control` says so."""

    def __init__(self, binary, control, options, ask, console=None):
        """`ask(connect)` is whether a client is served. In options, {folder} is one of its own."""
        self.binary = binary
        self.control = control
        self.options = options
        self.ask = ask
        self.console = console
        self.child = None
        self.errors = tempfile.TemporaryFile()
        self.folder = tempfile.mkdtemp()
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)

    def start(self):
        """Returns once it serves."""
        self.begin()
        self.expect_served(TIMEOUT)
        self.expect_served(TIMEOUT)  # what is made once has been made
        self.at_rest = self.wait_for_rest(None)
        self.blocks = self.control.blocks

    def begin(self):
        self.port = free_port()
        self.errors.seek(0)
        self.errors.truncate()
        output = {None: subprocess.DEVNULL}.get(self.console, self.errors)
        self.child = subprocess.Popen(
            [self.binary, *self.words()],
            env=self.control.environment, stdin=subprocess.DEVNULL, stdout=output,
            stderr=self.errors)

    def words(self):
        return ["serve", f"{HOST}:{self.port}",
                *(one.replace("{folder}", self.folder) for one in self.options)]

    def expect_alive(self):
        if self.child.poll() is not None:
            raise Violation(f"ended with status {self.child.returncode}: {self.last_words()}")

    def expect_served(self, timeout=2.0):
        """The next client is served."""
        until = time.monotonic() + timeout

        def connect():
            return socket.create_connection((HOST, self.port),
                                            max(until - time.monotonic(), 0.05))
        while True:
            self.expect_alive()
            try:
                if self.ask(connect):
                    return
            except OSError:
                pass
            if time.monotonic() > until:
                raise Violation("the next client is not served")
            time.sleep(0.002)

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.child.pid}/fd"))

    def wait_for_rest(self, expected):
        """Until no connection is open: as many descriptors as `expected`, or that do not change."""
        until = time.monotonic() + 5
        seen = []
        while time.monotonic() < until:
            seen.append(now := self.descriptors())
            if now == expected or (expected is None and seen[-10:] == [now] * 10):
                return now
            time.sleep(0.01 if expected is None else 0.002)
        raise Violation(f"{now} descriptors are open, {expected} before")

    def stop(self, statuses=(0,), is_stopping=False):
        """It drains, and ends with one of these."""
        child, self.child = self.child, None
        if not is_stopping:
            child.send_signal(signal.SIGTERM)
        try:
            status = child.wait(TIMEOUT)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            raise Violation("SIGTERM is not obeyed") from None
        if status not in statuses:
            raise Violation(f"status {status} after SIGTERM: {self.last_words()}")

    def kill(self):
        if self.child is not None:
            self.child.kill()
            self.child.wait()
            self.child = None

    def last_words(self):
        self.errors.seek(0)
        return self.errors.read()[-300:].decode(errors="replace").strip()


class EchoServer:
    """Whose calls do not fail."""

    def __init__(self, binary):
        self.port = free_port()
        self.child = subprocess.Popen(
            [binary, "serve", f"{HOST}:{self.port}", "--framing", "digits:10", "--quiet"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def __enter__(self):
        until = time.monotonic() + TIMEOUT
        while time.monotonic() < until:
            try:
                socket.create_connection((HOST, self.port), 1).close()
                return self
            except OSError:
                time.sleep(0.01)
        raise Violation("the server for a command does not start")

    def __exit__(self, *_):
        self.child.terminate()
        self.child.wait()


class ProxyServer(Server):
    """`framewire proxy` before a server whose calls do not fail."""

    def begin(self):
        self.echo = EchoServer(self.binary).__enter__()
        super().begin()

    def words(self):
        return ["proxy", f"{HOST}:{self.port}", f"{HOST}:{self.echo.port}", *self.options]

    def stop(self, statuses=(0,), is_stopping=False):
        try:
            super().stop(statuses, is_stopping)
        finally:
            self.echo.__exit__()

    def kill(self):
        if self.child is not None:
            self.echo.__exit__()
        super().kill()


def receive(sock, size):
    data = b""
    while len(data) < size:
        part = sock.recv(size - len(data))
        if not part:
            break
        data += part
    return data


def run_to_end(binary, control, words, data=b"", timeout=TIMEOUT):
    """Status, output, and what it said; of a command that ends by itself."""
    try:
        done = subprocess.run([binary, *words], env=control.environment, input=data,
                              capture_output=True, timeout=timeout, check=False,
                              cwd=Path(binary).parent)
    except subprocess.TimeoutExpired:
        raise Violation("does not end") from None
    return done.returncode, done.stdout, done.stderr
