"""Clients for digits:10, each with one of the mistakes that people make. `talk(sock)` is what one
does with a connection; then it connects again, unless something was thrown that it does not expect.
"""
import contextlib
import select
import socket
import threading
import time

from command_line import HOST, free_port
from mistaken_servers import exactly, framed, length_of

PATIENCE = 1.0


class NoReply(Exception):
    pass


class MistakenClient:
    """Connects to a port of ours again and again, in a thread."""

    def __init__(self, test, talk, expected=(OSError, EOFError, ValueError, NoReply)):
        self.talk = talk
        self.expected = expected
        self.port = free_port()
        self.is_stopped = False
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        test.addCleanup(self._stop)

    def _run(self):
        with contextlib.suppress(*{OSError, EOFError, ValueError, NoReply} - set(self.expected)):
            while not self.is_stopped:
                self._connect()

    def _connect(self):
        try:
            sock = socket.create_connection((HOST, self.port))
        except OSError:
            time.sleep(0.01)
            return
        with sock, contextlib.suppress(*self.expected):
            sock.settimeout(PATIENCE)
            self.talk(sock)

    def _stop(self):
        self.is_stopped = True
        self.thread.join()


def reply_from(sock, size_max=None):
    size = length_of(exactly(sock, 10))
    if size_max is not None and size > size_max:
        raise ValueError(size)
    return exactly(sock, size)


def ask_with(read):
    """Two messages, one after the other, each with its reply."""
    def talk(sock):
        for message in (b"Hello", b"again"):
            sock.sendall(framed(message))
            read(sock)
    return talk


def right(sock):
    """Takes nothing for a reply that was there before its message."""
    if select.select([sock], [], [], 0.01)[0]:
        return
    for message in (b"Hello", b"again"):
        sock.sendall(framed(message))
        if reply_from(sock, 100) != message:
            raise NoReply


def without_header(sock):
    sock.sendall(b"Hello, is anybody there?")
    sock.recv(100)


def one_recv(sock):
    """What the first read returns is the reply."""
    if not sock.recv(1000):
        raise NoReply


def sends_ahead(sock):
    """Reads the replies to two messages with one read each; what is too much is lost."""
    sock.sendall(framed(b"one") + framed(b"two"))
    for _ in range(2):
        if len(sock.recv(1000)) < 13:
            raise NoReply
    sock.sendall(framed(b"three"))
    reply_from(sock)


def trusts_int(sock):
    exactly(sock, int(exactly(sock, 10)))


def ends_are_empty_replies(sock):
    """`recv` returns nothing at the end of the stream."""
    header = sock.recv(10)
    size = length_of(header) if len(header) == 10 else 0
    while size > 0 and (part := sock.recv(size)):
        size -= len(part)


def header_is_optional(sock):
    data = sock.recv(1000)
    return data[10:] if data[:10].isdigit() else data


def takes_a_pause_for_the_end(sock):
    data = sock.recv(1000)
    with contextlib.suppress(TimeoutError):
        sock.settimeout(0.015)
        while part := sock.recv(1000):
            data += part


def minds_the_end_first(sock):
    """Leaves at once when the server has ended its stream, whatever can still be read."""
    ended = select.poll()
    ended.register(sock, select.POLLRDHUP)
    if ended.poll(50):
        return
    reply_from(sock)


def waits_for_ever(sock):
    sock.settimeout(None)
    reply_from(sock)
