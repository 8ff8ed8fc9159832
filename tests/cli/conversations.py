"""What the tests of `connect` stand on: a peer in the hands of the test, and a conversation with it
at its first prompt.
"""
import socket

from command_line import BINARY, HOST, TIMEOUT, CommandTest, receive
from terminal import Terminal

PROMPT = "> "


def frame(text):
    payload = text if isinstance(text, bytes) else text.encode()
    return f"{len(payload):04d}".encode() + payload


class Peer:
    """The other end: a socket in the hands of the test."""

    def __init__(self, test):
        self.listening = socket.create_server((HOST, 0))
        self.listening.settimeout(TIMEOUT)
        test.addCleanup(self.listening.close)
        self.test = test
        self.address = f"{HOST}:{self.listening.getsockname()[1]}"
        self.sock = None

    def accept(self):
        self.sock, _ = self.listening.accept()
        self.test.addCleanup(self.sock.close)
        self.sock.settimeout(TIMEOUT)

    def send(self, *payloads):
        self.sock.sendall(b"".join(frame(payload) for payload in payloads))

    def received(self):
        """The next payload, as text where it is text."""
        payload = receive(self.sock, int(receive(self.sock, 4)))
        try:
            return payload.decode()
        except UnicodeDecodeError:
            return payload


class ConnectTest(CommandTest):

    def converse(self, *options, framing="digits:4", **settings):
        """The screen of a conversation at its first prompt."""
        self.peer = Peer(self)
        terminal = Terminal(self, [BINARY, "connect", self.peer.address, "-f", framing, *options],
                            **settings)
        self.peer.accept()
        terminal.wait_for_last(PROMPT)
        terminal.connected = terminal.screen.lines()[0]
        return terminal

    def assert_gets(self, *texts):
        self.assertEqual(list(texts), [self.peer.received() for _ in texts])

    def assert_leaves(self, terminal, *keys, status=0):
        terminal.type(*keys)
        self.assertEqual(status, terminal.finish(), terminal.report())

    def start_piped(self, *options, framing="digits:4"):
        self.peer = Peer(self)
        program = self.start([BINARY, "connect", self.peer.address, "-f", framing, *options])
        self.peer.accept()
        return program
