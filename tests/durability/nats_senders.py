"""Clients that send to servers of ours while those or NATS are killed, and what they were told."""
import threading
import time

from nats_server import NatsTest, eventually

WAITS = ("replicas=3", "wait=replicated")


class Sender(threading.Thread):
    """Sends lines until it is told to stop, over and over to a server at one of the ports."""

    def __init__(self, test, ports, name):
        super().__init__(daemon=True)
        self.test, self.ports, self.name = test, ports, name
        self.sent = 0
        self.known = []  # what was acknowledged
        self.news = threading.Condition()
        self.ends = False
        test.addCleanup(self.end)
        self.start()

    def run(self):
        while not self.ends:
            for port in self.ports:
                try:
                    with self.test.connect_to(port) as sock:
                        self.converse(sock, sock.makefile("rb"))
                except OSError:
                    pass

    def converse(self, sock, replies):
        while not self.ends:
            lines = [f"{self.name} {self.sent + i}" for i in range(20)]
            self.sent += len(lines)
            sock.sendall("".join(f"{line}\n" for line in lines).encode())
            for line in lines:
                if not replies.readline().endswith(b"\n"):
                    return
                with self.news:
                    self.known.append(line)
                    self.news.notify()
            time.sleep(0.01)  # what is in the stream is read one by one

    def wait_for(self, count):
        """Until so many more are acknowledged."""
        with self.news:
            most = len(self.known) + count
            self.test.assertTrue(self.news.wait_for(lambda: len(self.known) >= most, 20),
                                 "nothing is acknowledged")

    def end(self):
        self.ends = True
        if self.is_alive():
            self.join(20)
        return self.known


class LoadedTest(NatsTest):

    def leader(self, nodes):
        """Of the stream, and the others."""
        answer = eventually(self, lambda: nodes[0].ask("STREAM.INFO.ORDERS")["cluster"]["leader"])
        leader = nodes[int(answer.removeprefix("n"))]
        return leader, [node for node in nodes if node is not leader]

    def stats(self, server):
        return self.assert_done("store", server.outbox, "stats").decode()

    def wait_until_forwarded(self, server):
        eventually(self, lambda: "messages  0\n" in self.stats(server), server)

    def assert_in_stream(self, nats, known, *servers):
        """What was acknowledged is there, each once."""
        for server in servers:
            self.wait_until_forwarded(server)
        found = self.in_stream(nats, len(known))
        self.assertEqual(set(), set(known) - set(found))
        self.assertEqual(len(found), len(set(found)))
