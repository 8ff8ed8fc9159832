"""`serve` where it is hard to serve: stopped by the scheduler, ended while it starts, held by ten
thousand slow peers, dialled from the same port again and again."""
import os
import resource
import signal
import socket
import struct
import subprocess
import time
import unittest
from pathlib import Path

from command_line import BINARY, HOST, TIMEOUT, CommandTest, receive, receive_to_end, tied_to_us

HELLO = b"0000000005Hello"
KIB = 1024
SANITIZED = "sanitize" in os.environ.get("FRAMEWIRE_CXX_FLAGS", "")


def resident_bytes(server):
    return int(Path(f"/proc/{server.child.pid}/statm").read_text().split()[1]) * os.sysconf(
        "SC_PAGE_SIZE")


def is_stopped(server):
    return Path(f"/proc/{server.child.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


class Conditions(CommandTest):

    def exchange(self, sock):
        sock.sendall(HELLO)
        self.assertEqual(HELLO, receive(sock, len(HELLO)))

    # What arrived in time counts, though nobody looked at the clock meanwhile.
    def test_a_server_that_was_stopped_ends_nobody_who_was_in_time(self):
        server = self.server("walkthrough", "--quiet", "--header-deadline", "200ms")
        live, late = (self.connect_to(server.port) for _ in range(2))
        for sock in (live, late):
            self.exchange(sock)
            sock.sendall(HELLO[:4])
        server.child.send_signal(signal.SIGSTOP)
        while not is_stopped(server):
            time.sleep(0.005)
        live.sendall(HELLO[4:])
        time.sleep(0.3)  # longer than the deadline
        server.child.send_signal(signal.SIGCONT)
        self.assertEqual(HELLO, receive(live, len(HELLO)))
        self.exchange(live)
        self.assertEqual(b"", receive_to_end(late))
        said = self.stop(server)
        self.assertIn("2 connections; failed: io.timeout_header 1\n", said)

    # Whenever the signal comes: either it ends the program as if it had no meaning, or in order.
    def test_ended_while_it_starts(self):
        seen = set()
        for step in range(12):
            child = subprocess.Popen(tied_to_us([BINARY, "serve", "walkthrough", f"{HOST}:0"]),
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            time.sleep(step * 0.001)
            child.terminate()
            _, errors = child.communicate(timeout=TIMEOUT)
            self.assertEqual(b"", errors)
            seen.add(child.returncode)
        self.assertLessEqual(seen, {0, -signal.SIGTERM})

    @unittest.skipIf(SANITIZED, "what a sanitizer adds to memory would be counted")
    def test_row_49_ten_thousand_headers_that_come_slowly(self):
        count = 10_000
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard < count + 200:
            self.skipTest(f"only {hard} descriptors")
        before = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, before)
        server = self.server("walkthrough", "--quiet", "--max-connections", str(2 * count),
                             "--max-per-address", str(2 * count), "--header-deadline", "1min")
        honest = self.connect_to(server.port)
        self.exchange(honest)
        at_first = resident_bytes(server)
        crowd = [socket.create_connection((HOST, server.port), TIMEOUT) for _ in range(count)]
        try:
            for sock in crowd:
                sock.send(HELLO[:3])
            self.exchange(honest)  # it has read all that came before
            self.assertLess(resident_bytes(server) - at_first, count * 4 * KIB)
            self.exchange(self.connect_to(server.port))
        finally:
            for sock in crowd:
                sock.close()
        self.exchange(honest)
        honest.close()
        self.assertIn(f"frame.truncated {count}", self.stop(server))

    def test_row_42_the_same_port_again_and_again(self):
        server = self.server("walkthrough", "--quiet")
        local = 0
        for how in ("reset", "end") * 20:
            with socket.socket() as sock:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                sock.bind((HOST, local))
                sock.settimeout(TIMEOUT)
                try:
                    sock.connect((HOST, server.port))
                except OSError:  # still in TIME_WAIT here: the next has another port
                    local = 0
                    continue
                local = sock.getsockname()[1]
                self.exchange(sock)
                if how == "reset":
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.exchange(self.connect_to(server.port))
        self.assertRegex(self.stop(server), r"connections; failed: io\.reset \d+\n\Z")

    def test_a_port_that_cannot_be_connected_to(self):
        self.assert_fails(1, ["send", "-f", "line", f"{HOST}:0", "x"], "cannot connect to")


if __name__ == "__main__":
    unittest.main()
