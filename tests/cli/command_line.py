"""What the command line tests stand on, besides the programs and assertions of tests/interop:
commands that run to their end, servers on a port of their own, and the form of our errors.
"""
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "interop"))

from harness import InteropTest, receive, receive_to_end  # noqa: E402,F401
from programs import BINARY, HOST, TIMEOUT, free_port, tied_to_us  # noqa: E402

ERROR = re.compile(r"framewire(?: (?P<command>[a-z]+))?: (?P<words>[^\n]+)\n"
                   r"(?:    [^\n]+\n {4,}\^\n)?(?:hint: [^\n]+\n)?\Z")


def minds_signals(child):
    """Whether SIGTERM would be handled; it is false for a program that has ended."""
    try:
        status = Path(f"/proc/{child.pid}/status").read_text()
    except FileNotFoundError:
        return False
    caught = re.search(r"^SigCgt:\s*(\w+)$", status, re.MULTILINE)
    return bool(caught) and int(caught[1], 16) >> (signal.SIGTERM - 1) & 1 == 1


class CommandTest(InteropTest):
    """Base of the tests of this folder."""

    def run_command(self, *words, data=b"", **environment):
        """Waits for its end; `data` is its standard input. None in `environment` takes away."""
        variables = {**os.environ, **environment}
        command = tied_to_us([str(word) for word in (BINARY, *words)])
        return subprocess.run(
            command, input=data, capture_output=True, timeout=TIMEOUT, check=False,
            env={key: value for key, value in variables.items() if value is not None})

    def assert_done(self, *words, data=b""):
        """What it has printed, having succeeded without a word on stderr."""
        done = self.run_command(*words, data=data)
        self.assertEqual((0, b""), (done.returncode, done.stderr), words)
        return done.stdout

    def assert_error(self, stderr, command, *parts):
        """One line `framewire COMMAND: what: why` that contains `parts`; perhaps two that show
        the place, and a hint.
        """
        text = stderr.decode()
        found = ERROR.match(text)
        self.assertTrue(found, f"not one error and perhaps a hint: {text!r}")
        self.assertEqual(command, found["command"], text)
        for part in parts:
            self.assertIn(part, text)

    def assert_fails(self, status, words, *parts, data=b""):
        """Fails as the contract says, with nothing on stdout; returns what stands on stderr."""
        done = self.run_command(*words, data=data)
        self.assertEqual(status, done.returncode, (words, done))
        self.assertEqual(b"", done.stdout, words)
        known = ("serve", "connect", "send", "receive", "proxy", "trace", "replay", "bench",
                 "check", "store", "certificate", "protocols", "framings")
        named = words[0] if words and words[0] in known else None
        self.assert_error(done.stderr, named, *parts)
        return done.stderr.decode()

    def server(self, *words):
        """`framewire serve WORDS` on a free port, given as its `port`, ready to be connected to.
        Its console is that of `Program`; whether it is quiet does not matter."""
        port = free_port()
        program = self.start([BINARY, "serve", *words, f"{HOST}:{port}"])
        program.port = port
        self.wait_for_listener(program)
        return program

    def wait_for_listener(self, program):
        """Until it listens and minds signals. Does not connect, as its console would show that."""
        entry = f" 0100007F:{program.port:04X} 00000000:0000 0A "
        deadline = time.monotonic() + TIMEOUT
        while not (entry in Path("/proc/net/tcp").read_text() and minds_signals(program.child)):
            if program.child.poll() is not None or time.monotonic() > deadline:
                self.fail(f"nobody listens on port {program.port}\n{program.report()}")
            time.sleep(0.005)

    def stop(self, server, status=0):
        """Ends it; returns what stands on its stderr."""
        self.assertEqual(status, server.stop(), server.report())
        return server.err.decode()

    def unix_address(self):
        return f"unix:{self.folder()}/socket"

    def folder(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return folder.name

    def connect_to(self, port):
        sock = socket.create_connection((HOST, port), TIMEOUT)
        self.addCleanup(sock.close)
        return sock
