"""What the tests of `framewire proxy` have in common: a server that the test plays."""
import re
import socket
import struct
from pathlib import Path

from command_line import BINARY, HOST, TIMEOUT, CommandTest, receive
from programs import free_port


def frame(payload):
    return b"%010d" % len(payload) + payload


class Listener:
    """The server behind a proxy: a listening socket of the test."""

    def __init__(self, test):
        self.test = test
        self.socket = socket.create_server((HOST, 0))
        self.socket.settimeout(TIMEOUT)
        self.port = self.socket.getsockname()[1]
        test.addCleanup(self.socket.close)

    def accept(self):
        sock, _ = self.socket.accept()
        sock.settimeout(TIMEOUT)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.test.addCleanup(sock.close)
        return sock


class ProxyTest(CommandTest):

    def proxy(self, target, *words, framing="digits:10"):
        port = free_port()
        program = self.start([BINARY, "proxy", framing, f"{HOST}:{port}", f"{HOST}:{target}",
                              *words])
        program.port = port
        self.wait_for_listener(program)
        return program

    def between(self, *words, framing="digits:10"):
        """A proxy, and the two ends that it connects: the client's and the server's."""
        listener = Listener(self)
        proxy = self.proxy(listener.port, *words, framing=framing)
        client = self.connect(proxy)
        return proxy, client, listener.accept()

    def memory(self, program):
        """The most that it has had."""
        status = Path(f"/proc/{program.child.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024

    def reset(self, sock):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()

    def assert_gets(self, sock, expected):
        self.assertEqual(expected, receive(sock, len(expected)))

    def assert_gets_nothing(self, sock, within=0.3):
        sock.settimeout(within)
        with self.assertRaises(TimeoutError):
            sock.recv(1)
        sock.settimeout(TIMEOUT)

    def assert_ended(self, sock):
        self.assertEqual(b"", sock.recv(1))

    def assert_reset(self, sock):
        with self.assertRaises(ConnectionResetError):
            while sock.recv(1 << 16):
                pass
