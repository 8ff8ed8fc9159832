"""What the interoperability tests stand on: the programs of programs.py, raw sockets in place of
either end, and comparisons that stay readable when a line is a megabyte long.
"""
import socket
import tempfile
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from programs import HOST, OURS, TIMEOUT, Program, Server, free_port, send_command, shortened

TEXTS = ["Hello", "This is a test message", "héllo wörld", "🎉", "", "it's \"quoted\""]
LONG_SIZE = 1_000_000
LONG_ASCII = ("0123456789 abcdefghijklmnopqrstuvwxyz" * 30_000)[:LONG_SIZE]
LONG_MULTIBYTE = ("héllo wörld 🎉 " * 80_000)[:LONG_SIZE]


class ScriptedServer:
    """A listening socket that gives its first connection to `script(sock)`, in a thread."""

    def __init__(self, test, script):
        self.listener = socket.create_server((HOST, free_port()))
        self.listener.settimeout(TIMEOUT)
        self.port = self.listener.getsockname()[1]
        self.executor = ThreadPoolExecutor(1)
        self.future = self.executor.submit(self._serve, script)
        test.addCleanup(self.executor.shutdown)
        test.addCleanup(self._close)

    def result(self):
        """What the script returned; raises what it raised."""
        return self.future.result(TIMEOUT)

    def _close(self):
        self.listener.shutdown(socket.SHUT_RDWR)  # wakes an accept that nobody has answered
        self.listener.close()

    def _serve(self, script):
        sock, self.client = self.listener.accept()
        with sock:
            sock.settimeout(TIMEOUT)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return script(sock)


def receive(sock, count):
    data = bytearray()
    while len(data) < count:
        part = sock.recv(count - len(data))
        if not part:
            raise EOFError(f"the peer left after {len(data)} of {count} bytes: "
                           + shortened(repr(bytes(data))))
        data += part
    return bytes(data)


def receive_to_end(sock):
    data = bytearray()
    while part := sock.recv(1 << 16):
        data += part
    return bytes(data)


def send_parts(sock, *parts, pause=0.02):
    """With a pause after each, so that the peer reads them one by one."""
    for part in parts:
        sock.sendall(part)
        time.sleep(pause)


def send_bytewise(sock, data):
    send_parts(sock, *(data[at:at + 1] for at in range(len(data))), pause=0.0005)


class InteropTest(unittest.TestCase):
    """Base of all the tests. Its assertions report the first difference, shortened."""

    def start(self, command):
        return Program(self, command)

    def serve(self, side, protocol):
        return Server(self, side, protocol)

    def script(self, script):
        return ScriptedServer(self, script)

    def connect(self, server):
        sock = socket.create_connection((HOST, server.port), TIMEOUT)
        self.addCleanup(sock.close)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock

    def file_with(self, data):
        file = tempfile.NamedTemporaryFile()
        self.addCleanup(file.close)
        file.write(data)
        file.flush()
        return file.name

    def run_client(self, command, typed=""):
        """A client that is expected to succeed and to write nothing to stderr."""
        client = self.start(command)
        client.feed(typed)
        status = client.finish()
        self.assertEqual(0, status, client.report())
        self.assertEqual(b"", bytes(client.err), client.report())
        return client

    def run_failing(self, command, typed="", statuses=(1,)):
        client = self.start(command)
        client.feed(typed)
        self.assertIn(client.finish(), statuses, client.report())
        self.assertNotEqual(b"", bytes(client.err).strip(), client.report())
        return client

    def send(self, protocol, port, *arguments):
        """What `framewire send` has printed, having succeeded."""
        return bytes(self.run_client(send_command(protocol, port, *arguments)).out)

    def assert_ends_well(self, server, errors=False):
        """Stops a server that has nothing left to do. `errors` says whether it has written to
        stderr; None, that it is free to."""
        status = server.stop()
        if errors is not None:
            self.assertEqual(errors, bytes(server.err) != b"", server.report())
        if server.side == OURS:
            self.assertEqual(0, status, server.report())

    def assert_served(self, server, expected, errors=False):
        server.wait_for_lines(len(expected))
        self.assert_ends_well(server, errors)
        self.assert_lines(expected, server.lines(), server)

    def assert_served_at_last(self, server, expected, errors=True):
        """As assert_served, for a console whose earlier lines are nobody's promise."""
        server.wait_until("the last line", lambda: server.lines()[-1:] == expected[-1:])
        self.assert_ends_well(server, errors)
        self.assert_lines(expected, server.lines()[-len(expected):], server)

    def assert_lines(self, expected, actual, program):
        for number, (want, got) in enumerate(zip(expected, actual), 1):
            if want != got:
                self.fail(f"line {number} differs\nexpected: {shortened(want)!r}\n"
                          f"     got: {shortened(got)!r}\n{program.report()}")
        if len(expected) != len(actual):
            missing = [shortened(line) for line in expected[len(actual):]]
            surplus = [shortened(line) for line in actual[len(expected):]]
            self.fail(f"lines missing: {missing}, too many: {surplus}\n{program.report()}")

    def assert_bytes(self, expected, actual):
        if expected == actual:
            return
        pairs = zip(expected, actual)
        at = next((i for i, (want, got) in enumerate(pairs) if want != got),
                  min(len(expected), len(actual)))
        self.fail(f"{len(expected)} bytes expected, {len(actual)} received, different from {at} "
                  f"on\nexpected: {expected[at:at + 60]!r}\n     got: {actual[at:at + 60]!r}")

    def assert_leaves(self, sock):
        """The server ends this connection, whether politely or with a reset."""
        try:
            self.assertEqual(b"", sock.recv(1))
        except ConnectionResetError:
            pass
