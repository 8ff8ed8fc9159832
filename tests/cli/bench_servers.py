"""Servers that answer frames of `digits:10` wrongly, on purpose, for the tests of `bench`."""
import socket
import struct
import threading
import time

from command_line import HOST

HEADER = 10


class Leave(Exception):
    """The connection is closed, or reset."""

    def __init__(self, last=b"", reset=False):
        super().__init__()
        self.last = last
        self.reset = reset


class FrameServer:
    """Gives each frame of each connection, numbered from 0 in all, to `answer(number, frame)` and
    sends the bytes that it returns, in the order of the frames. Ends with the test."""

    def __init__(self, test, answer):
        self.answer = answer
        self.frames = 0
        self.connections = 0
        self.lock = threading.Lock()
        self.listener = socket.create_server((HOST, 0), backlog=100)
        self.port = self.listener.getsockname()[1]
        self.open = []
        test.addCleanup(self._close)
        threading.Thread(target=self._accept, daemon=True).start()

    def stop_listening(self):
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()

    def _close(self):
        self.stop_listening()
        for sock in self.open:
            sock.close()

    def _accept(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            self.open.append(sock)
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock):
        held = b""
        try:
            while part := sock.recv(1 << 16):
                held += part
                replies = b""
                while len(held) >= HEADER and len(held) >= HEADER + int(held[:HEADER]):
                    end = HEADER + int(held[:HEADER])
                    with self.lock:
                        self.frames += 1
                        replies += self.answer(self.frames - 1, held[:end])
                    held = held[end:]
                sock.sendall(replies)
        except Leave as leave:
            sock.sendall(leave.last)
            if leave.reset:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        except OSError:
            pass
        sock.close()


def echo(_, frame):
    return frame


def slow_now_and_then(every, seconds):
    def answer(number, frame):
        if number % every == every - 1:
            time.sleep(seconds)
        return frame
    return answer


def swaps(which):
    """The replies to message `which` and the one behind it."""
    held = []

    def answer(number, frame):
        if number == which:
            held.append(frame)
            return b""
        return frame + held.pop() if number == which + 1 else frame
    return answer


def alters(which, how):
    """`how(frame)` in place of one reply."""
    return lambda number, frame: how(frame) if number == which else frame


def flipped(frame):
    return frame[:-1] + b"!"


def leaves(which, last=lambda _: b"", reset=False):
    def answer(number, frame):
        if number == which:
            raise Leave(last(frame), reset)
        return frame
    return answer
