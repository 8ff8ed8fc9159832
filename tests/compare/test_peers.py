"""Each peer of the comparison is an echo of frames, whole and exact: else its figures would say
nothing. What takes long to build is tried where `./run compare --build` has built it.
"""
import os
import random
import socket
import sys
import threading
import unittest
from pathlib import Path

ROOT = Path(os.environ.get("FRAMEWIRE_SOURCE", Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(ROOT / "bench/compare"))

from building import Skipped, build, is_built  # noqa: E402
from peers import FLOOR, LOAD, PEERS, PROXIES, WITH_U32BE  # noqa: E402
from proxies import before  # noqa: E402
from servers import Server  # noqa: E402

SLOW_TO_BUILD = {"asio_one_read", "asio_two_reads", "tokio", "go"}
DEADLINE_SECONDS = 20
ENDED_BY_SIGTERM = {-15, 143}


def ready(peer):
    if peer.name in SLOW_TO_BUILD and not is_built(peer):
        raise unittest.SkipTest(f"{peer.name} is not built; ./run compare --build builds it")
    try:
        build(peer)
    except Skipped as reason:
        raise unittest.SkipTest(f"{peer.name}: {reason}") from None


def any_core():
    return min(os.sched_getaffinity(0))


class PeerTest:
    """What must hold of every peer; the classes below say of which."""

    peer = None

    @classmethod
    def setUpClass(cls):
        ready(cls.peer)
        cls.server = Server(cls.peer, any_core())
        cls.server.start()
        cls.addClassCleanup(cls.server.stop)

    def setUp(self):
        self.socket = socket.create_connection(("127.0.0.1", self.server.port), DEADLINE_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.addCleanup(self.socket.close)

    def header(self, size):
        if self.peer.framing == "u32be":
            return size.to_bytes(4, "big")
        return b"%010d" % size

    def frame(self, payload):
        return self.header(len(payload)) + payload

    def expect(self, expected):
        received = bytearray()
        while len(received) < len(expected):
            chunk = self.socket.recv(len(expected) - len(received))
            self.assertTrue(chunk, "closed")
            received += chunk
        self.assertTrue(expected == received, "not what was sent")

    def expect_closed(self):
        try:
            self.assertEqual(b"", self.socket.recv(1))
        except ConnectionResetError:
            pass

    def test_a_reply_does_not_wait_for_the_next_frame(self):
        for cut in (1, 3, len(self.header(0)), len(self.header(0)) + 1):
            first, second = self.frame(b"Hello"), self.frame(b"Hello again")
            self.socket.sendall(first + second[:cut])
            self.expect(first)
            self.socket.sendall(second[cut:])
            self.expect(second)

    def test_byte_by_byte(self):
        frame = self.frame(b"Hello") + self.frame(b"")
        for i in range(len(frame)):
            self.socket.sendall(frame[i:i + 1])
        self.expect(frame)

    def test_an_empty_payload(self):
        self.socket.sendall(self.frame(b""))
        self.expect(self.frame(b""))

    def test_many_in_one_write(self):
        numbers = random.Random(1)
        frames = b"".join(self.frame(numbers.randbytes(numbers.choice((0, 1, 64, 700))))
                          for _ in range(1000))
        self.send_and_expect(frames)

    def test_cut_anywhere(self):
        numbers = random.Random(2)
        frames = b"".join(self.frame(numbers.randbytes(numbers.randrange(90_000)))
                          for _ in range(20))
        self.send_and_expect(frames, lambda: numbers.randrange(1, 70_000))

    def test_larger_than_a_read(self):
        payloads = [random.Random(3).randbytes(size) for size in (65_526, 65_537, 1 << 20)]
        self.send_and_expect(b"".join(map(self.frame, payloads)))

    def test_replies_that_wait_for_a_slow_reader(self):
        # Through a window this small goes less than what comes, so that the peer must keep it.
        self.socket.close()
        self.socket = socket.socket()
        self.addCleanup(self.socket.close)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.settimeout(DEADLINE_SECONDS)
        self.socket.connect(("127.0.0.1", self.server.port))
        self.send_and_expect(self.frame(random.Random(4).randbytes(100_000)) * 50)

    def send_and_expect(self, frames, size=lambda: 1 << 20):
        def send():
            at = 0
            while at < len(frames):
                end = at + size()
                self.socket.sendall(frames[at:end])
                at = end

        sender = threading.Thread(target=send, daemon=True)
        sender.start()
        self.expect(frames)
        sender.join(DEADLINE_SECONDS)
        self.assertFalse(sender.is_alive())

    def test_a_wrong_header_ends_the_connection(self):
        if self.peer.framing == "u32be":
            self.skipTest("every header of four bytes is a length")
        self.socket.sendall(self.frame(b"Hello"))
        self.expect(self.frame(b"Hello"))
        self.socket.sendall(b"00000x0005Hello")
        self.expect_closed()

    def test_more_than_16_mib_end_the_connection(self):
        self.socket.sendall(self.header((16 << 20) + 1))
        self.expect_closed()

    def test_the_end_of_one_concerns_no_other(self):
        others = [socket.create_connection(("127.0.0.1", self.server.port), DEADLINE_SECONDS)
                  for _ in range(3)]
        for other in others:
            with other:
                other.sendall(self.frame(b"x" * 100_000) * 3)
        self.test_an_empty_payload()

    def test_sigterm_ends_it(self):
        server = Server(self.peer, any_core())
        server.start()
        self.addCleanup(server.stop)
        server.child.terminate()
        self.assertIn(server.child.wait(DEADLINE_SECONDS), ENDED_BY_SIGTERM)


for one in (*PEERS, *WITH_U32BE):
    if one.name != "framewire":
        name = f"Peer_{one.name}" + ("_u32be" if one in WITH_U32BE else "")
        globals()[name] = type(name, (PeerTest, unittest.TestCase), {"peer": one})


class ProxyTest(PeerTest):
    """With the floor behind it, a proxy is an echo, too."""

    @classmethod
    def setUpClass(cls):
        ready(FLOOR)
        behind = Server(FLOOR, any_core())
        behind.start()
        cls.addClassCleanup(behind.stop)
        cls.peer = before(cls.peer, behind.port)
        super().setUpClass()


for one in PROXIES:
    if one.name != "framewire":
        name = f"Proxy_{one.name}"
        globals()[name] = type(name, (ProxyTest, unittest.TestCase), {"peer": one})


class Generator(unittest.TestCase):
    """bench/peers/load.c against the peers of both framings."""

    def test_counts_and_times(self):
        import generators
        from loads import Load

        ready(LOAD)
        for peer in PEERS:
            if peer.name not in ("floor", "tokio"):
                continue
            with self.subTest(peer=peer.name):
                ready(peer)
                server = Server(peer, any_core())
                server.start()
                self.addCleanup(server.stop)
                said = generators.run(generators.bare(server.port, Load(3, 5, 100),
                                                      peer, 0.2), any_core(), 1)
                self.assertGreater(said["messages_per_second"], 0)
                # Half of the time is for warming up.
                self.assertGreater(said["messages"], 0.09 * said["messages_per_second"])
                self.assertLess(0, said["p50_us"])
                self.assertLessEqual(said["p50_us"], said["p99_us"])
                self.assertLessEqual(said["p99_us"], said["p99_9_us"])
                self.assertLessEqual(said["mean_us"], said["max_us"])


if __name__ == "__main__":
    unittest.main()
