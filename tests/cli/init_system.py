"""What an init system does for `serve`: sockets that it passes on, and a socket that it is notified
through."""
import os
import re
import select
import socket
import subprocess
import time

from programs import BINARY, HOST, TIMEOUT, tied_to_us

# The number of a process is known to itself only.
ANNOUNCE = 'LISTEN_PID=$$ WATCHDOG_PID=$$ exec "$@"'


def listening(count=1):
    """Sockets on free ports."""
    return [socket.create_server((HOST, 0), backlog=128) for _ in range(count)]


class Notified:
    """The end of NOTIFY_SOCKET that the init system reads."""

    def __init__(self, test):
        self.test = test
        self.path = f"{test.folder()}/notify"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        test.addCleanup(self.socket.close)
        self.all = []

    def wait_for(self, pattern):
        """The next message that has it; earlier ones are dropped."""
        deadline = time.monotonic() + TIMEOUT
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.socket], [], [], left)[0]:
                self.test.fail(f"no {pattern!r} in {self.all}")
            message = self.socket.recv(4096).decode()
            self.all.append(message)
            found = re.search(pattern, message)
            if found:
                return found


def start_activated(test, words, sockets=(), notified=None, **environment):
    """`framewire WORDS` as an init system starts it; it is killed at the end of the test."""
    variables = {**os.environ, **environment}
    if sockets:
        variables["LISTEN_FDS"] = str(len(sockets))
    if notified:
        variables["NOTIFY_SOCKET"] = notified.path
    copies = [os.dup(one.fileno()) for one in sockets]

    def place():  # from 3 on
        high = [os.dup2(one, 100 + i) for i, one in enumerate(copies)]
        for i, one in enumerate(high):
            os.dup2(one, 3 + i)
            os.close(one)

    child = subprocess.Popen(
        tied_to_us(["sh", "-c", ANNOUNCE, "sh", str(BINARY), *words]), env=variables,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        close_fds=False, preexec_fn=place)
    for one in copies:
        os.close(one)

    def end():
        if child.poll() is None:
            child.kill()
        child.wait()
        child.stderr.close()

    test.addCleanup(end)
    return child
