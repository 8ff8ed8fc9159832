"""Servers for digits:10, each with one of the mistakes that people make. `serve(sock)` talks to one
client, in a thread of its own; what it throws ends that client's connection.
"""
import contextlib
import queue
import select
import socket
import threading
import time

from command_line import HOST, free_port


class MistakenServer:

    def __init__(self, test, serve, ends_on_error=False):
        self.serve = serve
        self.ends_on_error = ends_on_error
        self.listener = socket.create_server((HOST, free_port()), backlog=128)
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()
        test.addCleanup(self._close)

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self.listener.accept()
                threading.Thread(target=self._talk, args=(sock,), daemon=True).start()

    def _talk(self, sock):
        with sock:
            try:
                self.serve(sock)
            except (OSError, EOFError):
                pass
            except ValueError:
                if self.ends_on_error:
                    self._stop_listening()

    def _stop_listening(self):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)  # wakes the thread

    def _close(self):
        self._stop_listening()
        self.listener.close()
        self.thread.join()


def framed(payload, header=None):
    return b"%010d" % (len(payload) if header is None else header) + payload


def exactly(sock, count):
    data = b""
    while len(data) < count:
        part = sock.recv(count - len(data))
        if not part:
            raise EOFError
        data += part
    return data


def length_of(header):
    """As strict as the framing."""
    if not header.isdigit():
        raise ValueError(header)
    return int(header)


def messages(sock):
    while True:
        yield exactly(sock, length_of(exactly(sock, 10)))


def right(sock):
    for message in messages(sock):
        sock.sendall(framed(message))


def one_recv_for_each_part(sock):
    while header := sock.recv(10):
        sock.sendall(framed(sock.recv(length_of(header))))


def one_recv_for_each_message(sock):
    """Whatever comes after the first message of a read is lost."""
    while data := sock.recv(1 << 20):
        size = length_of(data[:10])
        while len(data) < 10 + size:
            data += sock.recv(1 << 20)
        sock.sendall(framed(data[10:10 + size]))


def takes_two_for_one(sock):
    while data := sock.recv(1 << 20):
        while len(data) < 10 or len(data) < 10 + length_of(data[:10]):
            data += sock.recv(1 << 20)
        sock.sendall(framed(data[10:]))


def header_says_one_more(sock):
    for message in messages(sock):
        sock.sendall(framed(message, len(message) + 1))


def reads_one_less(sock):
    while True:
        size = length_of(exactly(sock, 10))
        message = exactly(sock, max(size - 1, 0))
        sock.sendall(framed(message))


def counts_characters(sock):
    for message in messages(sock):
        text = message.decode(errors="replace")
        sock.sendall(b"%010d" % len(text) + text.encode())


def replies_without_header(sock):
    for message in messages(sock):
        sock.sendall(message)


def replies_with_two_headers(sock):
    for message in messages(sock):
        sock.sendall(framed(framed(message)))


def trusts_int(sock):
    while True:
        size = int(exactly(sock, 10))
        sock.sendall(framed(exactly(sock, size)))


def strips(sock):
    for message in messages(sock):
        sock.sendall(framed(message.strip()))


def needs_text(sock):
    for message in messages(sock):
        sock.sendall(framed(message.decode().encode()))


def takes_empty_for_the_end(sock):
    for message in messages(sock):
        if not message:
            return
        sock.sendall(framed(message))


def drops_the_last_reply(sock):
    """Does not reply to a client that has ended its stream: it seems to have left."""
    for message in messages(sock):
        readable, _, _ = select.select([sock], [], [], 0.05)
        if readable and not sock.recv(1, socket.MSG_PEEK):
            return
        sock.sendall(framed(message))


def out_of_order(sock):
    """A thread for each message; those of large ones take longer."""
    lock = threading.Lock()

    def reply(message):
        time.sleep(len(message) / 20_000)
        with lock, contextlib.suppress(OSError):
            sock.sendall(framed(message))

    threads = []
    try:
        for message in messages(sock):
            threads.append(threading.Thread(target=reply, args=(message,)))
            threads[-1].start()
    finally:
        for thread in threads:
            thread.join()


def replies_to_the_incomplete(sock):
    while header := sock.recv(10):
        size = length_of(header.ljust(10, b"0")) if len(header) == 10 else 0
        message = b""
        while len(message) < size and (part := sock.recv(size - len(message))):
            message += part
        sock.sendall(framed(message))


def reads_before_it_replies(sock):
    """All messages, up to the end of the stream."""
    all_messages = []
    with contextlib.suppress(EOFError):
        for message in messages(sock):
            all_messages.append(message)
    for message in all_messages:
        sock.sendall(framed(message))


def leaves_after_a_pause(sock):
    sock.settimeout(0.2)
    right(sock)


def hoards(sock):
    """Reads whatever comes, and keeps the replies until they are taken."""
    replies = queue.Queue()

    def send_all():
        with contextlib.suppress(OSError):
            while (reply := replies.get()) is not None:
                sock.sendall(reply)

    sends = threading.Thread(target=send_all)
    sends.start()
    try:
        for message in messages(sock):
            replies.put(framed(message))
    finally:
        replies.put(None)
        sends.join()


def first_then_right(read_header, read):
    """Four digits before the first message, ten before the others."""
    def serve(sock):
        first = read(sock, read_header(read(sock, 4)))
        sock.sendall(b"%04d" % len(first) + first)
        right(sock)
    return serve


class OneAtATime:
    """Serves the next client when the last has left."""

    def __init__(self):
        self.lock = threading.Lock()

    def __call__(self, sock):
        with self.lock:
            right(sock)
