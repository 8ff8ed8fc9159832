"""What the tests of `exec:` and `pipe:` have in common: a folder in which commands leave marks and
wait for marks, and what is left of a server's commands.
"""
import contextlib
import os
import socket
import struct
import time
from pathlib import Path

from command_line import HOST, TIMEOUT, CommandTest, receive_to_end

# Waits for a mark of the test: `wait_for NAME`.
WAIT = 'wait_for() { while [ ! -e "$1" ]; do sleep 0.01; done; }; '


def is_running(pid):
    """False for one that has ended, though nobody has waited for it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


class CommandsTest(CommandTest):

    def setUp(self):
        self.marks = Path(self.folder())

    def serving(self, service, *options, framing="line"):
        """A server whose commands begin in the folder of marks."""
        kind, command = service.split(":", 1)
        server = self.server("--framing", framing, "--service",
                             f"{kind}:cd {self.marks}; {WAIT}{command}", "--quiet", *options)
        server.descriptors_at_start = self.descriptors(server)
        return server

    def wait(self, what, condition):
        deadline = time.monotonic() + TIMEOUT
        while not condition():
            self.assertLess(time.monotonic(), deadline, what)
            time.sleep(0.005)

    def mark(self, name):
        """Whether a command has left it; its text."""
        try:
            return (self.marks / name).read_text()
        except FileNotFoundError:
            return ""

    def wait_for_mark(self, name):
        self.wait(f"mark {name}", lambda: self.mark(name).endswith("\n"))
        return self.mark(name).strip()

    def leave_mark(self, name):
        (self.marks / name).touch()

    def lines_of(self, sock):
        file = sock.makefile("rb")
        self.addCleanup(file.close)
        return file

    def reset(self, sock):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()

    def is_open(self, port):
        with socket.socket() as probe:
            return probe.connect_ex((HOST, port)) == 0

    def come_and_go(self, server, messages):
        """Many peers that send one of these, and then reset, end their stream, or close."""
        for number in range(40):
            sock = self.connect_to(server.port)
            sock.sendall(messages[number % len(messages)])
            if number % 3 == 0:
                self.reset(sock)
                continue
            if number % 3 == 1:
                sock.shutdown(socket.SHUT_WR)
                with contextlib.suppress(ConnectionResetError):
                    receive_to_end(sock)
            sock.close()

    def descriptors(self, server):
        return len(os.listdir(f"/proc/{server.child.pid}/fd"))

    def children(self, server):
        tasks = Path(f"/proc/{server.child.pid}/task").iterdir()
        return [pid for task in tasks for pid in (task / "children").read_text().split()]

    def resident_bytes(self, server):
        pages = int(Path(f"/proc/{server.child.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def assert_ends(self, pid):
        self.wait(f"the end of {pid}", lambda: not is_running(pid))

    def assert_nothing_is_left(self, server):
        """Neither processes, also such that nobody has waited for, nor descriptors."""
        self.wait("the end of all commands", lambda: not self.children(server))
        self.wait("descriptors to be closed",
                  lambda: self.descriptors(server) <= server.descriptors_at_start)

    def assert_fails_with(self, server, *parts):
        """One connection, and it has ended with `service.failed`."""
        server.find_error("service.failed at")
        line = server.err.decode().splitlines()[0]
        for part in parts:
            self.assertIn(part, line)
        self.assertTrue(line.isprintable(), ascii(line))
        return line
