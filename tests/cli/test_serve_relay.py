"""`serve --service relay`: each message to all other connections, whatever one of them does."""
import itertools
import os
import select
import socket
import threading
import unittest
import unittest.mock
from pathlib import Path

from command_line import CommandTest, receive

MIB = 1 << 20
MESSAGE = 64 * 1024
# Of one listener that does not read: beside the bounds, what the kernel holds for both ends.
HELD_MAX = 16 * MIB


def frame(payload):
    return len(payload).to_bytes(4, "big") + payload


class RelayTest(CommandTest):

    def relaying(self, *options, service="relay"):
        return self.server("--framing", "u32be", "--service", service, "--quiet", *options)

    def joined(self, server, count):
        """All are in the room: each has been heard by those before it."""
        socks = [self.connect_to(server.port)]
        for _ in range(count - 1):
            newcomer = self.connect_to(server.port)
            for attempt in itertools.count():  # the first may not be in the room yet
                self.tell(newcomer, b"here %d" % attempt)
                if select.select(socks[:1], [], [], 0.05)[0]:
                    break
            for sock in socks:
                while self.hear(sock) != b"here %d" % attempt:
                    pass
            socks.append(newcomer)
        return socks

    def tell(self, sock, payload):
        sock.sendall(frame(payload))

    def hear(self, sock):
        return receive(sock, int.from_bytes(receive(sock, 4), "big"))

    def resident_bytes(self, server):
        pages = int(Path(f"/proc/{server.child.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")


class Messages(RelayTest):

    def test_reach_all_others_and_not_their_sender(self):
        server = self.relaying()
        socks = self.joined(server, 3)
        for number, sock in enumerate(socks):
            self.tell(sock, b"%d" % number)
            for other in socks:
                if other is not sock:
                    self.assertEqual(b"%d" % number, self.hear(other))
        self.assertEqual("", self.stop(server))

    def test_keep_their_order(self):
        server = self.relaying()
        sender, listener = self.joined(server, 2)
        for block in range(20):
            sender.sendall(b"".join(frame(b"%d" % (block * 100 + i)) for i in range(100)))
            for i in range(100):
                self.assertEqual(b"%d" % (block * 100 + i), self.hear(listener))
        self.assertEqual("", self.stop(server))

    def test_pass_between_threads(self):
        server = self.relaying("--threads", "4")
        socks = self.joined(server, 16)
        self.tell(socks[0], b"hello")
        for sock in socks[1:]:
            self.assertEqual(b"hello", self.hear(sock))
        self.assertEqual("", self.stop(server))

    def test_of_a_peer_that_leaves_at_once(self):
        server = self.relaying()
        listener, = self.joined(server, 1)
        for number in range(20):
            with socket.create_connection(("127.0.0.1", server.port)) as sock:
                self.tell(sock, b"%d" % number)
            self.assertEqual(b"%d" % number, self.hear(listener))
        self.assertEqual("", self.stop(server))


class Silence(RelayTest):
    """A listener that does not read."""

    @classmethod
    def setUpClass(cls):
        """What AddressSanitizer keeps of freed memory is not what the server holds."""
        options = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1"
        cls.enterClassContext(unittest.mock.patch.dict(os.environ, ASAN_OPTIONS=options))

    def passed_by(self, service, *options):
        """The server, and the silent listener, after much more than its bound has passed."""
        server = self.relaying(*options, service=service)
        sender, listener, silent = self.joined(server, 3)
        before = self.resident_bytes(server)
        for number in range(50 * MIB // MESSAGE):
            self.tell(sender, number.to_bytes(4, "big") * (MESSAGE // 4))
            self.assertEqual(number.to_bytes(4, "big"), self.hear(listener)[:4])
        self.assertLess(self.resident_bytes(server) - before, HELD_MAX)
        return server, sender, silent

    def test_ends_it(self):
        server, _, silent = self.passed_by("relay", "--write-deadline", "200ms")
        server.find_error("limit.pushed at ")
        with self.assertRaises((EOFError, ConnectionResetError)):
            for _ in range(50 * MIB // MESSAGE):
                self.hear(silent)

    def test_drops_the_newest(self):
        server, sender, silent = self.passed_by("relay,overflow=drop_newest")
        self.assertEqual(list(range(20)), self.numbers(silent, 20))
        self.catch_up(sender, silent)
        self.stop(server)
        self.assertNotIn(b"limit.pushed at", server.err)

    def test_drops_the_oldest(self):
        server, sender, silent = self.passed_by("relay,overflow=drop_oldest")
        last = 50 * MIB // MESSAGE - 1
        numbers = self.numbers_to(silent, last)
        self.assertEqual(sorted(set(numbers)), numbers)
        self.assertLess(len(numbers), last)
        self.catch_up(sender, silent)
        self.stop(server)
        self.assertNotIn(b"limit.pushed at", server.err)

    def numbers(self, sock, count):
        return [int.from_bytes(self.hear(sock)[:4], "big") for _ in range(count)]

    def numbers_to(self, sock, last):
        found = self.numbers(sock, 1)
        while found[-1] != last:
            found += self.numbers(sock, 1)
        return found

    def catch_up(self, sender, silent):
        """Once it reads, it hears what is said, and may have to hear older messages first."""
        heard = []
        reader = threading.Thread(target=self.hear_until, args=(silent, b"wake up", heard))
        reader.start()
        while reader.is_alive():
            self.tell(sender, b"wake up")
            reader.join(0.02)
        self.assertEqual(b"wake up", heard[-1])

    def hear_until(self, sock, payload, heard):
        while heard[-1:] != [payload]:
            heard.append(self.hear(sock))


if __name__ == "__main__":
    unittest.main()
