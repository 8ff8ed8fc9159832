"""What a message costs the server in instructions of its own, counted by callgrind: an upper bound
that does not depend on how fast or busy a machine is. docs/testing.md says how to read it.
"""
import os
import re
import shutil
import socket
import subprocess
import tempfile
import unittest
from pathlib import Path

PAYLOAD = 64 * b"x"
FRAMES = {
    "digits:10": b"0000000064" + PAYLOAD,
    "u32be": b"\0\0\0\x40" + PAYLOAD,
    "line": PAYLOAD + b"\n",
}
REPLIES = {"digits:10": b"0000000002OK", "u32be": b"\0\0\0\2OK", "line": b"OK\n"}
SERVICES = ("reply:OK", "function")  # the function replies "OK", too
IN_FLIGHT = 100
# Above what is counted (GCC 12, x86-64; docs/testing.md). Where a change is worth more, they are
# raised in the change that needs it.
BOUNDS = {
    ("digits:10", "pipelined"): 48, ("digits:10", "one in flight"): 1400,
    ("u32be", "pipelined"): 48, ("u32be", "one in flight"): 1390,
    ("line", "pipelined"): 125, ("line", "one in flight"): 1460,
    ("digits:10", "reply:OK"): 63, ("digits:10", "function"): 485,
    ("u32be", "reply:OK"): 63, ("u32be", "function"): 530,
    ("line", "reply:OK"): 140, ("line", "function"): 575,
    ("digits:10", "beside idle connections"): 1400, ("digits:10", "a connection"): 10_500,
}
# A tick of the deadlines every 50 ms is counted, too: on a machine that is very busy, more of them.
TRIES = 3
PATIENCE_SECONDS = 30


def receive(peer, size):
    while size:
        part = peer.recv(min(size, 1 << 16))
        if not part:
            raise AssertionError(f"the server ended {size} bytes too early")
        size -= len(part)


class Counted:
    """A server under callgrind, with the connection that it ends with."""

    def __init__(self, framing, service="echo"):
        self.frame = FRAMES[framing]
        self.reply = self.frame if service == "echo" else REPLIES[framing]
        self.folder = tempfile.TemporaryDirectory()
        self.report = Path(self.folder.name, "report")
        # Nobody reads while it runs, and a pipe holds 64 KiB.
        self.errors = Path(self.folder.name, "errors").open("w+")
        self.child = subprocess.Popen(
            ["valgrind", "--quiet", "--tool=callgrind", f"--callgrind-out-file={self.report}",
             os.environ["FRAMEWIRE_COST_ECHO"], framing, service],
            stdout=subprocess.PIPE, stderr=self.errors, text=True)
        self.others = []

    def __enter__(self):
        address = self.child.stdout.readline().strip().rpartition(":")
        if not address[2]:
            self.child.wait(PATIENCE_SECONDS)
            self.errors.seek(0)
            raise AssertionError(f"the server did not start: {self.errors.read()}")
        self.address = (address[0], int(address[2]))
        self.peer = self.connect()
        return self

    def connect(self):
        return socket.create_connection(self.address, PATIENCE_SECONDS)

    def __exit__(self, *_):
        self.peer.close()
        for other in self.others:
            other.close()
        try:
            self.child.communicate(timeout=PATIENCE_SECONDS)
        finally:
            self.child.kill()
            self.errors.close()

    def exchange(self, messages, in_flight):
        """So many at once, in one send, then all replies."""
        for _ in range(0, messages, in_flight):
            self.peer.sendall(self.frame * in_flight)
            receive(self.peer, len(self.reply) * in_flight)

    def pipelined(self, messages):
        self.exchange(messages, IN_FLIGHT)

    def one_in_flight(self, messages):
        self.exchange(messages, 1)

    def open(self, connections):
        """Each has come and gone before the next."""
        for _ in range(connections):
            with self.connect() as other:
                other.sendall(self.frame)
                receive(other, len(self.frame))
                other.shutdown(socket.SHUT_WR)
                if other.recv(1):
                    raise AssertionError("more than one reply")

    def stay(self, connections):
        self.others = [self.connect() for _ in range(connections)]
        for other in self.others:
            other.sendall(self.frame)
            receive(other, len(self.frame))

    def instructions(self):
        """Requires: the block is over."""
        found = re.search(r"(?m)^(?:summary|totals): (\d+)", self.report.read_text())
        self.folder.cleanup()
        return int(found[1])


def count(framing, service, *acts):
    with Counted(framing, service) as server:
        for act, number in acts:
            act(server, number)
    return server.instructions()


def each(framing, service, act, few, many, before=()):
    """What one more costs: starting and ending is in both counts."""
    return (count(framing, service, *before, (act, many)) -
            count(framing, service, *before, (act, few))) / (many - few)


class Instructions(unittest.TestCase):

    def setUp(self):
        if not shutil.which("valgrind"):
            self.skipTest("there is no valgrind (package valgrind)")

    def check(self, framing, title, act, few, many, before=(), service="echo"):
        bound = BOUNDS[framing, title]
        for _ in range(TRIES):
            counted = each(framing, service, act, few, many, before)
            print(f"{framing}, {title}: {counted:.0f} instructions (bound {bound})", flush=True)
            if counted <= bound:
                return
        self.fail(f"{framing}, {title}: {counted:.0f} instructions, at most {bound} expected")

    def test_pipelined(self):
        for framing in FRAMES:
            with self.subTest(framing=framing):
                self.check(framing, "pipelined", Counted.pipelined, 1000, 11_000)

    def test_replies(self):
        for framing in FRAMES:
            for service in SERVICES:
                with self.subTest(framing=framing, service=service):
                    self.check(framing, service, Counted.pipelined, 1000, 11_000,
                               service=service)

    def test_one_in_flight(self):
        for framing in FRAMES:
            with self.subTest(framing=framing):
                self.check(framing, "one in flight", Counted.one_in_flight, 100, 1100)

    def test_beside_idle_connections(self):
        self.check("digits:10", "beside idle connections", Counted.one_in_flight, 100, 1100,
                   [(Counted.stay, 200)])

    def test_a_connection(self):
        self.check("digits:10", "a connection", Counted.open, 10, 110)


if __name__ == "__main__":
    unittest.main()
