"""What a well-behaved client waits for its replies while a crowd keeps the server busy: whether
the server is fair. Its own client is written here, as the crowds are, so that no other program's
figures come in.
"""
import errno
import multiprocessing
import os
import selectors
import socket
import statistics
import sys
import time
from dataclasses import dataclass, replace

import document
from measuring import say
from peers import FRAMEWIRE
from servers import Failed, Server
from tables import markdown, plain

GOAL = 10
ROUNDS = 5
SECONDS = 3
# Between two requests: the client asks for little.
PAUSE_SECONDS = 0.0005
PATIENCE_SECONDS = 20
BATCH_BYTES = 256 * 1024
REQUEST = b"0000000005Hello"
PAYLOAD_OF_ITS_OWN = 1000 * b"x"

HEAD = ("beside a client", "its p50 us", "its p99 us", "p50 ratio", "p99 ratio", "goal")


@dataclass(frozen=True)
class Crowd:
    title: str
    framing: str
    senders: int
    frame: bytes
    reads: bool


CROWDS = (
    Crowd("50 senders of empty `digits:10` frames", "digits:10", 50, b"0000000000", True),
    Crowd("50 senders of one-byte `u8` frames", "u8", 50, b"\1x", True),
    Crowd("500 that send and do not read", "digits:10", 500,
          b"0000001000" + PAYLOAD_OF_ITS_OWN, False),
)
REQUESTS = {"digits:10": REQUEST, "u8": b"\5Hello"}


def idle_priority():
    """The crowd shares a core with the client, and must not keep it from that."""
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


class Sender:
    """Sends its batch again and again, and reads whatever comes."""

    def __init__(self, port, crowd, batch):
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS)
        self.socket.setblocking(False)
        self.reads, self.batch, self.sent = crowd.reads, batch, 0

    def go_on(self, sink):
        if self.reads:
            try:
                self.socket.recv_into(sink)
            except BlockingIOError:
                pass
        try:
            self.sent += self.socket.send(self.batch[self.sent:])
            self.sent %= len(self.batch)
        except BlockingIOError:
            pass


def send_all(port, crowd, core, ready):
    os.sched_setaffinity(0, {core})
    idle_priority()
    batch = memoryview(crowd.frame * (BATCH_BYTES // len(crowd.frame)))
    sink = bytearray(BATCH_BYTES)
    polled = selectors.EpollSelector()
    for _ in range(crowd.senders):
        one = Sender(port, crowd, batch)
        polled.register(one.socket, selectors.EVENT_WRITE |
                        (selectors.EVENT_READ if crowd.reads else 0), one)
    ready.set()
    while True:
        for key, _ in polled.select():
            try:
                key.data.go_on(sink)
            except OSError as error:
                # One that takes nothing is reset in the end, and comes again.
                if error.errno not in (errno.ECONNRESET, errno.EPIPE):
                    raise
                polled.unregister(key.fileobj)
                key.fileobj.close()
                one = Sender(port, crowd, batch)
                polled.register(one.socket, key.events, one)


def measure(port, frame, core, seconds, results):
    """The latencies of a client that asks, waits for the reply, and asks again."""
    os.sched_setaffinity(0, {core})
    one = socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS)
    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    one.settimeout(PATIENCE_SECONDS)
    latencies = []
    end = time.perf_counter() + seconds
    while (began := time.perf_counter()) < end:
        one.sendall(frame)
        left = len(frame)
        while left:
            part = one.recv(left)
            if not part:
                return results.put(None)
            left -= len(part)
        latencies.append(time.perf_counter() - began)
        time.sleep(PAUSE_SECONDS)
    return results.put(latencies)


def client(port, crowd, core, seconds):
    """(p50, p99) in microseconds."""
    results = multiprocessing.Queue()
    child = multiprocessing.Process(
        target=measure, args=(port, REQUESTS[crowd.framing], core, seconds, results))
    child.start()
    try:
        latencies = results.get(timeout=seconds + PATIENCE_SECONDS)
    except Exception as error:
        raise Failed("the client was not served") from error
    finally:
        child.terminate()
        child.join()
    if not latencies:
        raise Failed("the client was not served")
    latencies.sort()
    return (1e6 * statistics.median(latencies), 1e6 * latencies[len(latencies) * 99 // 100])


def one_round(crowd, server_core, load_core, seconds):
    words = [crowd.framing if word == "digits:10" else word for word in FRAMEWIRE.command]
    server = Server(replace(FRAMEWIRE, command=tuple(words)), server_core)
    ready = multiprocessing.Event()
    server.start()
    senders = multiprocessing.Process(target=send_all, args=(server.port, crowd, load_core, ready))
    try:
        alone = client(server.port, crowd, load_core, seconds)
        senders.start()
        if not ready.wait(PATIENCE_SECONDS):
            raise Failed("the crowd did not get in")
        return alone, client(server.port, crowd, load_core, seconds)
    finally:
        if senders.pid:
            senders.kill()
            senders.join()
        server.stop()


def rows(server_core, load_core, rounds, seconds):
    for crowd in CROWDS:
        say(crowd.title)
        pairs = []
        try:
            for _ in range(rounds):
                pairs.append(one_round(crowd, server_core, load_core, seconds))
        except Failed as failed:
            yield (crowd.title, f"failed: {failed}")
            continue
        # The quietest round of each: what else the machine did is not the server's.
        alone = [min(pair[0][i] for pair in pairs) for i in range(2)]
        beside = [min(pair[1][i] for pair in pairs) for i in range(2)]
        ratios = [after / before for before, after in zip(alone, beside)]
        yield ("none", *(f"{value:.0f}" for value in alone), "", "", "")
        yield (crowd.title, *(f"{value:.0f}" for value in beside),
               *(f"{value:.1f}" for value in ratios),
               f"{GOAL}: {'met' if ratios[1] <= GOAL else 'not met'}")


def run(server_core, load_core, rounds, write):
    found = list(rows(server_core, load_core, rounds, SECONDS))
    print("\n".join(["", "a client beside a crowd", *plain(HEAD, found)]))
    if write:
        document.write_part("\n".join(markdown(HEAD, found)), document.CROWD)
    if any(row[1].startswith("failed") for row in found):
        sys.exit("compare: not all could be measured")
