"""Handshakes that are broken, and that never end, by the thousand: each has an error with a name,
and the next good client is served.
"""
import contextlib
import os
import random
import resource
import socket
import ssl
import struct
import unittest

from command_line import HOST, TIMEOUT, CommandTest, receive, receive_to_end
from certificates import Certificates

HELLO = b"0000000005Hello"
SANITIZED = "sanitize" in os.environ.get("FRAMEWIRE_CXX_FLAGS", "")
COUNT = 100 if SANITIZED else 1_000
HALF_OPEN = 500 if SANITIZED else 10_000
ALERT, HANDSHAKE, DATA, HEARTBEAT = 21, 22, 23, 24


def record(kind, content, version=0x0303):
    return struct.pack("!BHH", kind, version, len(content)) + content


def client_hello(**options):
    """What Python's TLS sends first, as one record."""
    side = ssl.create_default_context()
    for name, value in options.items():
        setattr(side, name, value)
    coming, going = ssl.MemoryBIO(), ssl.MemoryBIO()
    with contextlib.suppress(ssl.SSLWantReadError):
        side.wrap_bio(coming, going, server_hostname="localhost").do_handshake()
    return going.read()


def with_early_data(hello):
    """The same, announcing 0-RTT data (extension 42), which follows."""
    body = bytearray(hello[5:])
    extension = struct.pack("!HH", 42, 0)
    at = 4 + 2 + 32
    at += 1 + body[at]  # the session
    at += 2 + int.from_bytes(body[at:at + 2], "big")  # ciphers
    at += 1 + body[at]  # compressions
    size = int.from_bytes(body[at:at + 2], "big")
    body[at:at + 2] = struct.pack("!H", size + len(extension))
    body += extension
    body[1:4] = (len(body) - 4).to_bytes(3, "big")
    return record(HANDSHAKE, bytes(body), 0x0301) + record(DATA, HELLO)


def broken_handshakes():
    """A name and the bytes of each."""
    hello = client_hello()
    content = hello[5:]
    for version in (0x0000, 0x0002, 0x0200, 0x0300, 0x0305, 0x7F1C, 0xFFFF):
        yield f"a record of version {version:#x}", record(HANDSHAKE, content, version)
        old = content[:4] + struct.pack("!H", version) + content[6:]
        yield f"a ClientHello of version {version:#x}", record(HANDSHAKE, old)
    for kind in (0, 20, ALERT, DATA, HEARTBEAT, 99, 255):
        yield f"a record of kind {kind}", record(kind, content)
        yield f"an empty record of kind {kind}", record(kind, b"")
    for kind in (0, 2, 4, 11, 14, 20, 24, 254):
        yield f"a message of kind {kind}", record(HANDSHAKE, bytes([kind]) + content[1:])
    for size in (0xFFFF, 0x4001, 0x5000):
        yield f"a record of {size} bytes", struct.pack("!BHH", HANDSHAKE, 0x0301, size) + content
    for size in (0xFFFFFF, 0x20000, 0):
        yield (f"a message of {size} bytes",
               record(HANDSHAKE, content[:1] + size.to_bytes(3, "big") + content[4:]))
    yield "empty records without end", record(HANDSHAKE, b"") * 5_000
    yield "a byte in each record", b"".join(record(HANDSHAKE, content[at:at + 1])
                                            for at in range(len(content)))
    yield "an end at once", record(ALERT, b"\x01\x00")
    yield "an end after the ClientHello", hello + record(ALERT, b"\x01\x00")
    yield "warnings without end", hello + record(ALERT, b"\x01\x5a") * 5_000
    yield "0-RTT data", with_early_data(hello)
    yield "data after the ClientHello", hello + record(DATA, HELLO)
    yield "two ClientHellos", hello + hello
    yield "no cipher of ours", hello.replace(b"\x13\x01", b"\x00\x2f").replace(b"\x13\x02",
                                                                             b"\x00\x35")
    yield "a request of HTTP", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
    yield "SSL 2", b"\x80\x2e\x01\x00\x02\x00\x15\x00\x00\x00\x10" + bytes(37)
    yield "a frame", HELLO
    for at in range(len(hello)):
        yield f"cut off after {at} bytes", hello[:at]
    chance = random.Random(14)
    while True:
        wrong = bytearray(hello)
        for _ in range(chance.randint(1, 4)):
            wrong[chance.randrange(len(wrong))] = chance.randrange(256)
        yield "some bytes are others", bytes(wrong)


class TlsCrowds(CommandTest):

    @classmethod
    def setUpClass(cls):
        cls.certificates = Certificates()
        cls.addClassCleanup(cls.certificates.remove)

    def serving(self, *words):
        return self.server("digits:10", "--quiet", *self.certificates.shown(), *words)

    def assert_serves(self, server):
        with self.certificates.connect(server.port) as sock:
            sock.sendall(HELLO)
            self.assertEqual(HELLO, receive(sock, len(HELLO)), server.report())

    def test_broken_handshakes(self):
        server = self.serving()
        for number, (name, data) in enumerate(broken_handshakes()):
            if number == COUNT:
                break
            with self.subTest(name), self.connect(server) as sock:
                with contextlib.suppress(ConnectionError):
                    sock.sendall(data)
                    sock.shutdown(socket.SHUT_WR)
                with contextlib.suppress(ConnectionError):
                    receive_to_end(sock)
            if number % 100 == 0:
                self.assert_serves(server)
        self.assert_serves(server)
        log = self.stop(server)
        self.assertIn("tls.handshake", log)
        self.assertIn("tls.plaintext", log)
        self.assertNotIn("io.failed", log)
        self.assertNotIn("limit.", log)

    def stop(self, server):
        server.stop()
        return bytes(server.err).decode()

    def half_open(self, server, count, crowd):
        """Connections whose ClientHello is cut off, each at another byte."""
        files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        hello = client_hello()
        for number in range(min(count, files - 200)):
            sock = crowd.enter_context(socket.socket())
            sock.settimeout(TIMEOUT)
            # The ports of one address would not be enough.
            sock.bind((f"127.0.0.{2 + number // 1000}", 0))
            sock.connect((HOST, server.port))
            with contextlib.suppress(ConnectionError):
                sock.sendall(hello[:number % len(hello)])

    def test_handshakes_that_never_end(self):
        server = self.serving("--max-connections", "20000", "--max-per-address", "20000",
                              "--max-handshakes", "20000", "--handshake-deadline", "2s")
        with contextlib.ExitStack() as crowd:
            self.half_open(server, HALF_OPEN, crowd)
            self.assert_serves(server)
            server.wait_until("the log", lambda: b"tls.timeout" in server.err)
            self.assert_serves(server)
        self.stop(server)

    def test_more_handshakes_than_there_may_be(self):
        server = self.serving("--max-handshakes", "20")
        with contextlib.ExitStack() as crowd:
            self.half_open(server, 100, crowd)
            self.assert_serves(server)
        self.assertIn("limit.handshakes", self.stop(server))

    def test_certificates_that_have_expired(self):
        server = self.serving("--tls-client-ca", self.certificates.ca)
        for _ in range(COUNT // 10):
            with contextlib.suppress(ssl.SSLError, ConnectionError):
                with self.certificates.connect(server.port, "old") as sock:
                    receive_to_end(sock)
        with self.certificates.connect(server.port, "alice") as sock:
            sock.sendall(HELLO)
            self.assertEqual(HELLO, receive(sock, len(HELLO)))
        self.assertIn("tls.certificate_expired", self.stop(server))


if __name__ == "__main__":
    unittest.main()
