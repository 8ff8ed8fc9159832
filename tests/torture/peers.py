"""Clients that expect what is right, or that their connection ends; nothing else is allowed."""
import select
import socket
import struct
import time

from target import GRACE, HOST, Violation, frame

PATIENCE = 3.0


class Ended(Exception):
    """The connection has ended, as it may: calls of the server fail."""


class Peers:
    """Connections to the server. Where failures last, silence is no violation."""

    def __init__(self, port, control, lasting):
        self.port = port
        self.control = control
        self.lasting = lasting
        self.open = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for one in self.open:
            one.close()

    def connect(self):
        one = Peer(self)
        self.open.append(one)
        return one

    def patience(self):
        return GRACE if self.lasting and self.control.failed else PATIENCE


class Peer:
    def __init__(self, peers):
        self.peers = peers
        try:
            self.sock = socket.create_connection((HOST, peers.port), PATIENCE)
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            raise Ended from error

    def close(self):
        self.sock.close()

    def reset(self):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def send(self, data):
        """As much of it as is taken."""
        self.sock.setblocking(False)
        try:
            while data:
                data = data[self.sock.send(data):]
        except BlockingIOError:
            pass
        except OSError as error:
            raise Ended from error

    def send_apart(self, *parts):
        for part in parts:
            self.send(part)
            time.sleep(0.002)

    def end(self):
        try:
            self.sock.shutdown(socket.SHUT_WR)
        except OSError as error:
            raise Ended from error

    def ask(self, text):
        self.send(frame(text))
        self.expect(frame(text))

    def expect(self, data, or_end_of=None):
        """`or_end_of`: it does not come if that peer's connection has ended."""
        got = b""
        while len(got) < len(data):
            part = self._receive(len(data) - len(got))
            if part is None:
                if or_end_of is not None and or_end_of.has_ended():
                    raise Ended
                return self._silent(f"{len(got)} of {len(data)} bytes came")
            if not part:
                raise Ended
            got += part
            if not data.startswith(got):
                raise Violation(f"{got[-60:]!r} came, not {data[:60]!r}")
        return None

    def receives(self, data, within):
        """Whether it comes within that time."""
        part = self._receive(len(data), within)
        if part == b"":
            raise Ended
        return part == data

    def has_ended(self):
        while part := self._receive(1 << 16, 0.1):
            pass
        return part is not None

    def expect_end(self, within=None):
        """Whatever comes before."""
        while True:
            part = self._receive(1 << 16, within)
            if part is None:
                return self._silent("the connection is still open")
            if not part:
                return None

    def _receive(self, size, within=None):
        """None for silence, nothing for the end."""
        began = time.monotonic()
        while not select.select([self.sock], [], [], 0.02)[0]:
            if time.monotonic() - began > (within or self.peers.patience()):
                return None
        try:
            return self.sock.recv(size)
        except ConnectionError:
            return b""

    def _silent(self, words):
        if not (self.peers.lasting and self.peers.control.failed):
            raise Violation(words)
        raise Ended
