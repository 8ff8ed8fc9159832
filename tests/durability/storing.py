"""A server that stores, clients that send it messages, and what they know was acknowledged."""
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "interop"))

from programs import BINARY, HOST, free_port, tied_to_us  # noqa: E402

TIMEOUT = 20.0
EARLY_SERVER = os.environ.get("FRAMEWIRE_EARLY_SERVER", "")
SIZES = (16, 24, 100, 500, 600, 4000, 9000)


def message_of(number, size):
    """The first 16 bytes are its id, which says what follows: power_cuts.cpp makes the same."""
    first = b"%08x" % number
    words = b"".join(first + b"%08x" % i for i in range(1, size // 16 + 1))
    return (first + b"%08x" % size + words)[:size]


def id_of(message):
    return message[:16].decode()


class Ended(Exception):
    """The connection has ended before all was answered."""


class Client:
    """A connection; `ask` sends messages and waits for what is replied to each."""

    def __init__(self, port):
        self.sock = socket.create_connection((HOST, port), TIMEOUT)
        self.data = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()

    def send(self, messages):
        try:
            self.sock.sendall(b"".join(struct.pack(">I", len(one)) + one for one in messages))
        except OSError as error:
            raise Ended from error

    def receive(self, timeout=TIMEOUT):
        self.sock.settimeout(timeout)
        while len(self.data) < 4 or len(self.data) < 4 + struct.unpack(">I", self.data[:4])[0]:
            try:
                part = self.sock.recv(65536)
            except ConnectionError as error:
                raise Ended from error
            if not part:
                raise Ended
            self.data += part
        size = struct.unpack(">I", self.data[:4])[0]
        reply, self.data = self.data[4:4 + size], self.data[4 + size:]
        return reply.decode()

    def ask(self, messages):
        self.send(messages)
        return [self.receive() for _ in messages]


def acknowledged(reply):
    """(offset, id) of `<OFFSET ID>`."""
    assert reply.startswith("<") and reply.endswith(">"), reply
    offset, _, name = reply[1:-1].partition(" ")
    return int(offset), name


class StoringServer:
    """`framewire serve` with a store in `folder`, started anew as often as one likes."""

    def __init__(self, folder, prefix=(), options=""):
        self.path = Path(folder) / "store.db"
        self.prefix = prefix
        self.service = f"store:{self.path},ack=<{{offset}} {{id}}>,nack={{error}},id=16{options}"
        self.child = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def begin(self, *words):
        self.port = free_port()
        self.child = subprocess.Popen(
            tied_to_us([*self.prefix, *self.command(), *words]),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True)

    def command(self):
        return [BINARY, "serve", "u32be", f"{HOST}:{self.port}", "--service", self.service]

    def start(self, *words):
        self.begin(*words)
        until = time.monotonic() + TIMEOUT
        while self.child.poll() is None:
            try:
                with Client(self.port):
                    return self
            except OSError:
                if time.monotonic() > until:
                    break
                time.sleep(0.003)
        raise AssertionError(f"does not start: {self.kill()}")

    def connect(self):
        return Client(self.port)

    def kill(self):
        """Returns its last words."""
        if self.child is None:
            return ""
        self.child.kill()
        return self.end()[1]

    def stop(self):
        """Status and last words of a server that drains."""
        self.child.send_signal(signal.SIGTERM)
        return self.end()

    def end(self):
        child, self.child = self.child, None
        try:
            words = child.communicate(timeout=TIMEOUT)[1]
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()
            raise AssertionError("does not end") from None
        return child.returncode, words

    def refuse(self, *words):
        """Last words of a server that must not start."""
        self.begin(*words)
        status, said = self.end()
        assert status == 1, (status, said)
        return said

    def store(self, *words):
        done = subprocess.run([BINARY, "store", self.path, *words], capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=TIMEOUT * 5, check=False)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def stored(self, start="first"):
        """(offset, message) of each."""
        status, out, words = self.store("list", "--json", "--from", str(start))
        assert status == 0, words
        return [(one["offset"], one["payload"].encode())
                for one in map(json.loads, out.splitlines())]

    def expect_sound(self):
        status, out, words = self.store("verify")
        assert status == 0 and "nothing is wrong" in out, out + words


class EarlyServer(StoringServer):
    """Acknowledges before it has stored."""

    def command(self):
        return [EARLY_SERVER, self.path, str(self.port)]
