"""A relay between two ends that changes no byte, but lets the first ones of each direction through
one at a time: so both ends meet the parts of another's frames that a network may make of them.
"""
import socket
import threading

from harness import send_bytewise
from programs import HOST, TIMEOUT

BYTEWISE = 150


class Relay:

    def __init__(self, test, port):
        self.to = port
        self.listener = socket.create_server((HOST, 0))
        self.port = self.listener.getsockname()[1]
        self.open = [self.listener]
        self._start(self._accept)
        test.addCleanup(self._close)

    def _start(self, target, *arguments):
        threading.Thread(target=target, args=arguments, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
                server = socket.create_connection((HOST, self.to), TIMEOUT)
            except OSError:
                return
            for sock in (client, server):
                sock.settimeout(TIMEOUT)
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.open.append(sock)
            self._start(self._pass_on, client, server)
            self._start(self._pass_on, server, client)

    def _pass_on(self, reads, writes):
        """Until `reads` ends, which `writes` is then told. Where one fails, so does the other."""
        left = BYTEWISE
        try:
            while part := reads.recv(1 << 16):
                send_bytewise(writes, part[:left])
                writes.sendall(part[left:])
                left = max(0, left - len(part))
            writes.shutdown(socket.SHUT_WR)
        except OSError:
            wake(reads, writes)

    def _close(self):
        wake(*self.open)
        for sock in self.open:
            sock.close()


def wake(*sockets):
    """Ends every wait in them."""
    for sock in sockets:
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
